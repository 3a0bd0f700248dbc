#pragma once

#include "core/keyed_hash.hpp"

#include <coroom/room_size.hpp>

#include <cstddef>
#include <string>
#include <unordered_map>

namespace coroom::server {

/// Which rooms strangers are told of, for one list: those with two different people in them, or opened by
/// somebody with an account. Of the rooms that one guest has opened, or people without a user at one address,
/// ten are told of at most, so that nobody fills the list. Pure.
class ListedRooms {
 public:
  static constexpr std::size_t most_of_one = 10;  // rooms

  /// Whether this room is told of; counts it for its opener if so.
  [[nodiscard]] bool take(const RoomCandidate& room);

 private:
  std::unordered_map<std::string, std::size_t, detail::KeyedHash> by_opener_;
};

}  // namespace coroom::server
