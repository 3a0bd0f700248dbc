#include "server/listed_rooms.hpp"

namespace coroom::server {

bool ListedRooms::take(const RoomCandidate& room) {
  const ClientInfo& opener = room.opener;
  if (!opener.is_anonymous()) return true;
  constexpr std::size_t users = 2;
  if (room.distinct < users) return false;
  const std::string who = opener.user.empty() ? "address " + opener.address : "user " + opener.user;
  std::size_t& listed = by_opener_[who];
  if (listed == most_of_one) return false;
  ++listed;
  return true;
}

}  // namespace coroom::server
