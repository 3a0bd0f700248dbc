#pragma once

#include "core/network.hpp"
#include "limits/token_bucket.hpp"

#include <coroom/client_info.hpp>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace coroom::server {

/// How fast people without an account may publish into one room, so that nobody pushes out what it keeps. A
/// guest has a rate by its user. A message counts once for each KiB of it that is begun. All who share an
/// address, without a user too, have one together, which holds only where the room keeps a history. Users
/// that somebody vouches for are not limited. Any thread may use it.
class GuestPace {
 public:
  struct Limits {
    std::size_t user = 1;     ///< messages of a guest a second, ten seconds' worth at once; 0: any number
    std::size_t address = 5;  ///< the same of an address, or a network of IPv6 of 64 bits
  };

  enum class Verdict { allowed, too_fast };

  /// Where somebody publishes.
  struct Target {
    std::string_view name;  ///< of the room
    bool keeps_history;
  };

  /// An address in one of the `exempt` networks is not counted.
  GuestPace(const Limits& limits, std::vector<detail::Network> exempt);

  /// Whether this author may publish so many bytes into the room now; counts them if so. What is taken once
  /// something is left may be more than that, and is made up for.
  [[nodiscard]] Verdict take(const ClientInfo& client_info, const Target& room, std::size_t bytes,
                             detail::limits::TokenBucket::TimePoint now);

  /// How many users and addresses, each in a room, it knows: those that published in the last seconds.
  [[nodiscard]] std::size_t size() const;

 private:
  /// Of one publisher in one room.
  struct Budget {
    Budget(const detail::limits::Rate& at, detail::limits::TokenBucket::TimePoint now)
        : rate(at), bucket(at, now) {}
    detail::limits::Rate rate;
    detail::limits::TokenBucket bucket;
  };

  [[nodiscard]] bool is_exempt(const boost::asio::ip::address& address) const;
  [[nodiscard]] detail::limits::TokenBucket& bucket_of(std::string_view kind, std::string_view name,
                                                       std::string_view room,
                                                       const detail::limits::Rate& rate,
                                                       detail::limits::TokenBucket::TimePoint now);
  void sweep(detail::limits::TokenBucket::TimePoint now);

  const detail::limits::Rate user_rate_;
  const detail::limits::Rate address_rate_;
  const std::vector<detail::Network> exempt_;
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, Budget> budgets_;  // by a keyed hash; guarded by mutex_
  std::size_t sweep_at_ = 0;                           // size; the same
};

}  // namespace coroom::server
