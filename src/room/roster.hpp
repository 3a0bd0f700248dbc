#pragma once

#include "room/subscriber.hpp"

#include <coroom/shared_bytes.hpp>

#include <cstddef>
#include <vector>

namespace coroom::detail::room {

/// A subscriber's place in a roster; the roster keeps `position` up to date.
struct RosterSlot {
  explicit RosterSlot(Subscriber& who) : subscriber(who) {}

  Subscriber& subscriber;
  std::size_t position = 0;
};

/// The members of one room on one shard, by encoding. Belongs to that shard.
class Roster {
 public:
  void add(RosterSlot& slot);
  void remove(const RosterSlot& slot);

  /// Hands one block to every member that reads this encoding; gives how many they are.
  [[nodiscard]] std::size_t deliver(const WireFormat& format, const SharedBytes& block) const;

  [[nodiscard]] std::size_t size() const;

 private:
  struct Group {
    WireFormat format;
    std::vector<RosterSlot*> slots;
  };

  std::vector<Group> groups_;  // as many as there are encodings: a few
};

}  // namespace coroom::detail::room
