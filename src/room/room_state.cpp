#include "room/room_state.hpp"

#include <utility>

namespace coroom::detail::room {
namespace {

bool is_nobody(const ClientInfo& who) {
  return who.client_id.is_nil() && who.address.empty() && who.user.empty();
}

}  // namespace

std::optional<Publication> RoomState::join(SharedClientInfo who) {
  ++members_;
  return announce(Publication::Kind::join, std::move(who), members_);
}

std::optional<Publication> RoomState::leave(SharedClientInfo who) {
  // The leaving member counts, so that each announced join has its announced leave.
  const std::size_t size = members_--;
  return announce(Publication::Kind::leave, std::move(who), size);
}

std::optional<Publication> RoomState::announce(Publication::Kind kind, SharedClientInfo who,
                                               std::size_t size) const {
  if (size > announce_limit_ || is_nobody(*who)) return std::nullopt;
  Publication publication(kind, std::move(who));
  return publication;
}

}  // namespace coroom::detail::room
