#include "room/presence_set.hpp"

#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace coroom::room {
namespace {

std::size_t users_among(const std::vector<SharedAuthor>& members) {
  std::unordered_set<std::string_view> users;
  for (const SharedAuthor& member : members) users.insert(member->user);
  return users.size();
}

}  // namespace

void PresenceSet::enter(const SharedAuthor& who) {
  if (who->client.is_nil()) return;
  Member& member = members_[who->client];
  if (++member.seats > 1) return;
  member.author = who;
  snapshot_.reset();
}

void PresenceSet::leave(const SharedAuthor& who) {
  const auto found = members_.find(who->client);
  if (found == members_.end() || --found->second.seats > 0) return;
  members_.erase(found);
  snapshot_.reset();
}

PresenceSet::Snapshot PresenceSet::snapshot() {
  if (snapshot_) return snapshot_;
  Presence presence;
  presence.members.reserve(members_.size());
  for (const auto& [client, member] : members_) presence.members.push_back(member.author);
  presence.users = users_among(presence.members);
  snapshot_ = std::make_shared<const Presence>(std::move(presence));
  return snapshot_;
}

}  // namespace coroom::room
