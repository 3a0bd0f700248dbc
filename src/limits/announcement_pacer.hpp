#pragma once

#include "limits/address_quota.hpp"
#include "limits/token_bucket.hpp"

#include <coroom/publication.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace coroom::detail::limits {

/// Paces what a room announces of joins and leaves: so many of one address, and so many in all. What comes
/// faster is announced later. A leave that finds the join of the same member still waiting cancels it, and
/// the other way round, so that members are told the net effect. Pure.
class AnnouncementPacer {
 public:
  using TimePoint = TokenBucket::TimePoint;

  /// Of one room.
  static constexpr Rate rate{.per_second = 100, .burst = 500};

  AnnouncementPacer() : bucket_(rate) {}

  /// Whether the announcement is to be made now; else it waits, or is not needed any more. `account` is of
  /// the address whose member came or went; nullptr: it has no limits.
  [[nodiscard]] bool take(const Publication& announcement, std::shared_ptr<AddressQuota> quota,
                          TimePoint now);

  /// Whether some wait. due() is to be called again, in about a tenth of a second.
  [[nodiscard]] bool is_waiting() const { return !waiting_.empty(); }

  /// What waited and is to be announced now, the oldest first.
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
