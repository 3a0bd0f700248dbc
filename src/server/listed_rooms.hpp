#pragma once

#include "core/keyed_hash.hpp"

#include <coroom/room_size.hpp>

#include <cstddef>
#include <string>
#include <unordered_map>

namespace coroom::server {

/// Selects the rooms that a public list may name. A room qualifies if its members have two different users or
/// addresses, or if a user who is not a guest opened it. At most ten rooms are listed that one guest, or the
/// anonymous clients of one address, opened. So no one client can fill the list. Pure.
class ListedRooms {
 public:
  static constexpr std::size_t most_of_one = 10;  // rooms

  /// Returns whether the room may be listed, and counts it for its opener if so.
  [[nodiscard]] bool take(const RoomCandidate& room);

 private:
  std::unordered_map<std::string, std::size_t, detail::KeyedHash> by_opener_;
};

}  // namespace coroom::server
