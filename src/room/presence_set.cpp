#include "room/presence_set.hpp"

#include <utility>

namespace coroom::detail::room {

void PresenceSet::join(const SharedClientInfo& who) {
  if (who->client_id.is_nil()) return;
  PresentClient& present = members_[who->client_id];
  if (++present.memberships > 1) return;
  present.client_info = who;
  if (who->user.empty()) {
    ++without_user_;
    ++connections_of_addresses_[who->address];
  } else {
    ++connections_of_users_[who->user];
  }
  snapshot_.reset();
}

void PresenceSet::leave(const SharedClientInfo& who) {
  const auto found = members_.find(who->client_id);
  if (found == members_.end() || --found->second.memberships > 0) return;
  const SharedClientInfo present = std::move(found->second.client_info);
  members_.erase(found);
  snapshot_.reset();
  const bool has_user = !present->user.empty();
  if (!has_user) --without_user_;
  auto& connections = has_user ? connections_of_users_ : connections_of_addresses_;
  const auto counted = connections.find(has_user ? present->user : present->address);
  // There is none if join() ran out of memory.
  if (counted != connections.end() && --counted->second == 0) connections.erase(counted);
}

PresenceSet::Snapshot PresenceSet::snapshot() {
  if (snapshot_) return snapshot_;
  Presence presence;
  presence.members.reserve(members_.size());
  for (const auto& [client, present] : members_) presence.members.push_back(present.client_info);
  presence.users = connections_of_users_.size() + (without_user_ == 0 ? 0 : 1);
  snapshot_ = std::make_shared<const Presence>(std::move(presence));
  return snapshot_;
}

}  // namespace coroom::detail::room
