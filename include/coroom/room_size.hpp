#pragma once

#include <coroom/client_info.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace coroom {

/// A room and the number of its users.
struct RoomSize {
  std::string name = {};  ///< of the room
  std::size_t users = 0;  ///< users, however many connections each has, and connections without a user

  bool operator==(const RoomSize&) const = default;
};

/// A room that Application::fullest_rooms() may choose. Valid during the call.
struct RoomCandidate {
  std::string_view name;     ///< of the room
  std::size_t users;         ///< as RoomSize has them
  std::size_t distinct;      ///< users, and addresses of connections without a user; at most `users`
  const ClientInfo& opener;  ///< the member that opened the room by joining it; empty where a program did
};

}  // namespace coroom
