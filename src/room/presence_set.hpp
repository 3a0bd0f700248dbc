#pragma once

#include "core/keyed_hash.hpp"

#include <coroom/client_info.hpp>
#include <coroom/presence.hpp>

#include <boost/functional/hash.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/uuid/uuid_hash.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>

namespace coroom::detail::room {

/// The number of members of a room. Any thread may read it.
struct Headcount {
  std::atomic<std::size_t> users{0};     // PresenceSet::users()
  std::atomic<std::size_t> distinct{0};  // PresenceSet::distinct()
};

/// The members of a room, by connection and by user. Pure.
class PresenceSet {
 public:
  using Snapshot = std::shared_ptr<const Presence>;

  /// These count the memberships of a client, which is present until its last one ends. A client without an
  /// id is not counted.
  void join(const SharedClientInfo& who);
  void leave(const SharedClientInfo& who);

  /// Returns the current members, in no particular order. Copies them only after a change, so queries of a
  /// large room are cheap.
  Snapshot snapshot();

  /// Returns the number of users, with any number of connections each, plus the connections without a user.
  [[nodiscard]] std::size_t users() const { return connections_of_users_.size() + without_user_; }

  /// Counts like users(), but takes connections without a user from one address as one.
  [[nodiscard]] std::size_t distinct() const {
    return connections_of_users_.size() + connections_of_addresses_.size();
  }

 private:
  struct PresentClient {
    SharedClientInfo client_info;
    std::size_t memberships = 0;
  };

  boost::unordered_flat_map<boost::uuids::uuid, PresentClient, boost::hash<boost::uuids::uuid>> members_;
  boost::unordered_flat_map<std::string, std::size_t, KeyedHash> connections_of_users_;
  boost::unordered_flat_map<std::string, std::size_t, KeyedHash> connections_of_addresses_;  // without a user
  std::size_t without_user_ = 0;                                                             // connections
  Snapshot snapshot_;  // of the current members, or null
};

}  // namespace coroom::detail::room
