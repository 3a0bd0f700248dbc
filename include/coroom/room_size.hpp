#pragma once

#include <coroom/client_info.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace coroom {

/// A room, and how many are in it.
struct RoomSize {
  /// So many are in it.
  RoomSize(std::string room, std::size_t members) : name(std::move(room)), users(members) {}

  /// Whether they say the same.
  bool operator==(const RoomSize&) const = default;

  std::string name;   ///< of the room
  std::size_t users;  ///< users, however many connections each has, and connections without a user
};

/// What Application::fullest_rooms() chooses rooms by. Lasts as long as the call.
struct RoomCandidate {
  std::string_view name;  ///< of the room
  std::size_t users;      ///< as RoomSize has them
  std::size_t distinct;   ///< users, and addresses of connections without a user; never more than `people`
  const ClientInfo&
      opener;  ///< the member that opened the room by entering it; nothing is known of a program
};

}  // namespace coroom
