#include "room/presence_set.hpp"

#include "core/keyed_hash.hpp"

#include <boost/functional/hash.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/uuid/uuid_hash.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace coroom::detail::room {
namespace {

constexpr std::size_t most_few = 8;  // members; each join and leave compares all of them

}  // namespace

/// The members of a large room.
class PresenceSet::Tables {
 public:
  /// Returns whether the client was not present.
  bool join(const SharedClientInfo& who, std::uint32_t memberships = 1) {
    PresentClient& present = members_.try_emplace(who->client_id, PresentClient{nullptr, 0}).first->second;
    present.memberships += memberships;
    if (present.memberships > memberships) return false;
    present.client_info = who;
    if (who->user.empty()) {
      ++without_user_;
      ++connections_of_addresses_[who->address];
    } else {
      ++connections_of_users_[who->user];
    }
    return true;
  }

  /// Returns whether the client is not present any more.
  bool leave(const SharedClientInfo& who) {
    const auto found = members_.find(who->client_id);
    if (found == members_.end() || --found->second.memberships > 0) return false;
    const SharedClientInfo present = std::move(found->second.client_info);
    members_.erase(found);
    const bool has_user = !present->user.empty();
    if (!has_user) --without_user_;
    auto& connections = has_user ? connections_of_users_ : connections_of_addresses_;
    const auto counted = connections.find(has_user ? present->user : present->address);
    // There is none if join() ran out of memory.
    if (counted != connections.end() && --counted->second == 0) connections.erase(counted);
    return true;
  }

  void add_to(std::vector<SharedClientInfo>& members) const {
    for (const auto& [client, present] : members_) members.push_back(present.client_info);
  }

  [[nodiscard]] std::size_t size() const { return members_.size(); }
  [[nodiscard]] std::size_t users() const { return connections_of_users_.size() + without_user_; }
  [[nodiscard]] std::size_t distinct() const {
    return connections_of_users_.size() + connections_of_addresses_.size();
  }

 private:
  boost::unordered_flat_map<boost::uuids::uuid, PresentClient, boost::hash<boost::uuids::uuid>> members_;
  boost::unordered_flat_map<std::string, std::size_t, KeyedHash> connections_of_users_;
  boost::unordered_flat_map<std::string, std::size_t, KeyedHash> connections_of_addresses_;  // without a user
  std::size_t without_user_ = 0;                                                             // connections
};

PresenceSet::PresenceSet() = default;
PresenceSet::~PresenceSet() = default;

void PresenceSet::join(const SharedClientInfo& who) {
  if (who->client_id.is_nil()) return;
  if (!tables_) {
    const auto present = find_few(*who);
    if (present != few_.end()) {
      ++present->memberships;
      return;
    }
    if (few_.size() < most_few) {
      few_.push_back({who});
      snapshot_.reset();
      return;
    }
    auto tables = std::make_unique<Tables>();
    for (const PresentClient& one : few_) tables->join(one.client_info, one.memberships);
    tables_ = std::move(tables);
    std::vector<PresentClient>().swap(few_);
  }
  if (tables_->join(who)) snapshot_.reset();
}

void PresenceSet::leave(const SharedClientInfo& who) {
  if (tables_) {
    if (!tables_->leave(who)) return;
    if (tables_->size() == 0) tables_.reset();
    snapshot_.reset();
    return;
  }
  const auto present = find_few(*who);
  if (present == few_.end() || --present->memberships > 0) return;
  few_.erase(present);
  snapshot_.reset();
}

std::vector<PresenceSet::PresentClient>::iterator PresenceSet::find_few(const ClientInfo& who) {
  return std::ranges::find(few_, who.client_id,
                           [](const PresentClient& one) { return one.client_info->client_id; });
}

/// Returns whether the member is the first of its user. Without a user: whether it is the first of its
/// address, or each counts.
bool PresenceSet::counts(std::size_t index, Anonymous anonymous) const {
  const ClientInfo& who = *few_[index].client_info;
  if (who.user.empty() && anonymous == Anonymous::each) return true;
  return std::none_of(few_.begin(), few_.begin() + static_cast<std::ptrdiff_t>(index),
                      [&](const PresentClient& earlier) {
                        const ClientInfo& other = *earlier.client_info;
                        return other.user == who.user && (!who.user.empty() || other.address == who.address);
                      });
}

std::size_t PresenceSet::count_few(Anonymous anonymous) const {
  std::size_t count = 0;
  for (std::size_t index = 0; index != few_.size(); ++index) count += counts(index, anonymous) ? 1 : 0;
  return count;
}

std::size_t PresenceSet::users() const {
  return tables_ ? tables_->users() : count_few(Anonymous::each);
}

std::size_t PresenceSet::distinct() const {
  return tables_ ? tables_->distinct() : count_few(Anonymous::by_address);
}

PresenceSet::Snapshot PresenceSet::snapshot() {
  if (snapshot_) return snapshot_;
  Presence presence;
  if (tables_) {
    presence.members.reserve(tables_->size());
    tables_->add_to(presence.members);
  } else {
    presence.members.reserve(few_.size());
    for (const PresentClient& one : few_) presence.members.push_back(one.client_info);
  }
  const auto anonymous = static_cast<std::size_t>(std::ranges::count_if(
      presence.members, [](const SharedClientInfo& member) { return member->user.empty(); }));
  presence.users = users() - anonymous + (anonymous == 0 ? 0 : 1);
  snapshot_ = std::make_shared<const Presence>(std::move(presence));
  return snapshot_;
}

}  // namespace coroom::detail::room
