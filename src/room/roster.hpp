#pragma once

#include "room/subscriber.hpp"

#include <coroom/shared_bytes.hpp>

#include <cstddef>
#include <vector>

namespace coroom::detail::room {

/// A subscriber's slot in a roster, which keeps `position` up to date.
struct RosterSlot {
  explicit RosterSlot(Subscriber& who) : subscriber(who) {}

  Subscriber& subscriber;
  std::size_t position = 0;
};

/// The members of one room on one shard, by wire format. Must be used on that shard.
class Roster {
 public:
  void add(RosterSlot& slot);
  void remove(const RosterSlot& slot);

  /// Delivers one block to every member with this format; returns the number of those members.
  [[nodiscard]] std::size_t deliver(const WireFormat& format, const SharedBytes& block) const;

  [[nodiscard]] std::size_t size() const;

 private:
  struct Group {
    WireFormat format;
    std::vector<RosterSlot*> slots;
  };

  std::vector<Group> groups_;  // one for each format in use: a few
};

}  // namespace coroom::detail::room
