#pragma once

#include "core/rate_meter.hpp"
#include "net/budget.hpp"

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
    std::size_t body_memory = 0;  ///< bytes that the bodies of its requests hold at a time; 0: any number
  };

  explicit Account(const Limits& limits)
      : limits_(limits), meter_(limits.rate), bodies_(limits.body_memory) {}

  Account(const Account&) = delete;
  Account& operator=(const Account&) = delete;
  ~Account() = default;

  /// So much has come; false: it is not to be heard. That is not counted, or who tries again and again would
  /// keep all others of the address out.
  [[nodiscard]] bool take(std::size_t messages, std::size_t bytes, TokenBucket::TimePoint now);

  /// The same for a part of a request's body, which is no message of its own.
  [[nodiscard]] bool take_bytes(std::size_t bytes, TokenBucket::TimePoint now);

  /// Memory of the bodies of its requests.
  Budget& bodies() { return bodies_; }

  /// One room more, if there may be; close_room() gives it back.
  [[nodiscard]] bool open_room();
  void close_room() { --rooms_; }

  /// Whether it is as good as new.
  [[nodiscard]] bool is_settled(TokenBucket::TimePoint now) const;

 private:
  const Limits limits_;
  mutable std::mutex mutex_;
  RateMeter meter_;  // guarded by mutex_
  Budget bodies_;
  std::atomic<std::size_t> rooms_{0};
};

}  // namespace coroom::net
