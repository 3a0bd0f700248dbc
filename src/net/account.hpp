#pragma once

#include "core/rate_meter.hpp"

#include <coroom/rate_limit.hpp>

#include <atomic>
#include <cstddef>
#include <mutex>

namespace coroom::net {

/// What all connections of one address use together. Any thread may use it.
class Account {
 public:
  struct Limits {
    RateLimit rate{.messages = 0, .bytes = 0};  ///< of what they send
    std::size_t rooms = 0;                      ///< that they have opened and that are there; 0: any number
  };

  explicit Account(const Limits& limits) : limits_(limits), meter_(limits.rate) {}

  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;
  ~Account() = default;

  /// So much has come; false: it is not to be heard. That is not counted, or who tries again and again would
  /// keep all others of the address out.
  [[nodiscard]] bool take(std::size_t messages, std::size_t bytes, TokenBucket::TimePoint now);

  /// One room more, if there may be; close_room() gives it back.
  [[nodiscard]] bool open_room();
  void close_room() { --rooms_; }

  /// Whether it is as good as new.
  [[nodiscard]] bool is_settled(TokenBucket::TimePoint now) const;

 private:
  const Limits limits_;
  mutable std::mutex mutex_;
  RateMeter meter_;  // guarded by mutex_
  std::atomic<std::size_t> rooms_{0};
};

}  // namespace coroom::net
