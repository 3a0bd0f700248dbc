#include "limits/announcement_pacer.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace coroom::detail::limits {
namespace {

// More can wait only if members join and leave while the room exceeds its announce limit. Clients then have
// to use the presence call.
constexpr std::size_t most_waiting = 4096;

constexpr double bytes_a_unit = 1024;

/// Returns the cost of an announcement. One with much client info counts as several.
double cost_of(const Publication& announcement) {
  const ClientInfo& who = *announcement.client_info;
  return 1 + static_cast<double>(who.conn_info.size() + who.chan_info.size()) / bytes_a_unit;
}

}  // namespace

bool AnnouncementPacer::take(const Publication& announcement, std::shared_ptr<AddressQuota> quota,
                             TimePoint now) {
  if (cancels_a_waiting_one(announcement)) return false;
  Late late{announcement, std::move(quota)};
  if (may_announce(late, now)) return true;
  if (waiting_.size() != most_waiting) waiting_.push_back(std::move(late));
  return false;
}

std::vector<Publication> AnnouncementPacer::due(TimePoint now) {
  std::vector<Publication> announcements;
  const double left = bucket_.left(rate, now);
  if (left <= 0) return announcements;
  // Must happen before the first removal, as erase_if() cannot recover from an exception of push_back(). Each
  // announcement costs at least 1.
  announcements.reserve(std::min(waiting_.size(), static_cast<std::size_t>(left) + 1));
  std::erase_if(waiting_, [&](Late& late) {
    if (!may_announce(late, now)) return false;
    announcements.push_back(std::move(late.announcement));
    return true;
  });
  return announcements;
}

/// Compares pointers: a member keeps the same ClientInfo object from join to leave.
bool AnnouncementPacer::cancels_a_waiting_one(const Publication& announcement) {
  const auto opposite = std::ranges::find_if(waiting_, [&](const Late& late) {
    return late.announcement.client_info == announcement.client_info &&
           late.announcement.kind != announcement.kind;
  });
  if (opposite == waiting_.end()) return false;
  waiting_.erase(opposite);
  return true;
}

bool AnnouncementPacer::may_announce(const Late& late, TimePoint now) {
  const double cost = cost_of(late.announcement);
  if (bucket_.left(rate, now) <= 0) return false;
  if (late.quota && !late.quota->announce(cost, now)) return false;
  return bucket_.try_take(rate, cost, now);
}

}  // namespace coroom::detail::limits
