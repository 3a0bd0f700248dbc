#pragma once

#include "limits/address_quota.hpp"
#include "limits/token_bucket.hpp"

#include <coroom/publication.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace coroom::detail::limits {

/// Limits the rate at which a room announces joins and leaves, for each address and in total. Announcements
/// above the rate are delayed. A leave cancels the waiting join of the same member, and a join its waiting
/// leave, so members receive the net effect. Pure.
class AnnouncementPacer {
 public:
  using TimePoint = TokenBucket::TimePoint;

  /// Rate of one room.
  static constexpr Rate rate{.per_second = 100, .burst = 500};

  AnnouncementPacer() : bucket_(rate) {}

  /// Returns whether to announce it now. If not, it waits, has cancelled a waiting one, or is dropped because
  /// too many wait. `quota` belongs to the member's address; nullptr: no limits for that address.
  [[nodiscard]] bool take(const Publication& announcement, std::shared_ptr<AddressQuota> quota,
                          TimePoint now);

  /// Returns whether announcements wait. If so, due() must be called again in about a tenth of a second.
  [[nodiscard]] bool is_waiting() const { return !waiting_.empty(); }

  /// Returns the waiting announcements that are due now, oldest first.
  [[nodiscard]] std::vector<Publication> due(TimePoint now);

 private:
  struct Late {
    Publication announcement;
    std::shared_ptr<AddressQuota> quota;
  };

  [[nodiscard]] bool cancels_a_waiting_one(const Publication& announcement);
  [[nodiscard]] bool may_announce(const Late& late, TimePoint now);

  TokenBucket bucket_;
  std::vector<Late> waiting_;
};

}  // namespace coroom::detail::limits
