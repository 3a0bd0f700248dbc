#pragma once

#include <cstddef>
#include <string>
#include <utility>

namespace coroom {

/// A room, and how many are in it.
struct RoomSize {
  /// So many are in it.
  RoomSize(std::string room, std::size_t members) : name(std::move(room)), people(members) {}

  /// Whether they say the same.
  bool operator==(const RoomSize&) const = default;

  std::string name;    ///< of the room
  std::size_t people;  ///< users, however many connections each has, and connections without a user
};

}  // namespace coroom
