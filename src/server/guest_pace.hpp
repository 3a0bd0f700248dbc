#pragma once

#include "limits/token_bucket.hpp"

#include <coroom/client_info.hpp>
#include <coroom/network.hpp>

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace coroom::server {

/// The rates at which guests and clients without a token may publish into one room. They keep one person from
/// pushing out the room's history. A guest has a rate by its user. Each started KiB of a message counts as
/// one message. All clients of one address share another rate, which applies only to rooms with a history.
/// Users with a token of another issuer are not limited. Any thread may use it.
class GuestPace {
 public:
  struct Limits {
    std::size_t user = 1;     ///< messages of one guest a second, ten seconds' worth at once; 0: unlimited
    std::size_t address = 5;  ///< the same for an address, or an IPv6 network of 64 bits
  };

  enum class Verdict { allowed, too_fast };

  /// The room of a publication.
  struct RoomInfo {
    std::string_view name;  ///< of the room
    bool keeps_history;
  };

  /// Addresses in the `exempt` networks are not limited.
  GuestPace(const Limits& limits, std::vector<Network> exempt);

  /// Returns whether any limit applies to this client.
  [[nodiscard]] bool limits(const ClientInfo& client_info) const;

  /// Returns whether this client may publish `bytes` into the room now, and charges for them if so. A message
  /// may cost more than its budget holds; the budget then goes into debt.
  [[nodiscard]] Verdict take(const ClientInfo& client_info, const RoomInfo& room, std::size_t bytes,
                             detail::limits::TokenBucket::TimePoint now);

  /// Returns the number of budgets, one for each user or address in each room. A full budget is removed after
  /// a while.
  [[nodiscard]] std::size_t size() const;

 private:
  /// The budget of one publisher in one room.
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
  const std::vector<Network> exempt_;
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, Budget> budgets_;  // by a keyed hash; guarded by mutex_
  std::size_t sweep_at_ = 0;                           // a size of budgets_; guarded by mutex_
};

}  // namespace coroom::server
