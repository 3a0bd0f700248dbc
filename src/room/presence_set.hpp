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

/// How many are in a room. Any thread may read it.
struct Headcount {
  std::atomic<std::size_t> users{0};     // PresenceSet::people()
  std::atomic<std::size_t> distinct{0};  // PresenceSet::distinct()
};

/// Who is in a room, by connection and by user. Pure.
class PresenceSet {
 public:
  using Snapshot = std::shared_ptr<const Presence>;

  /// An author without a client name is not counted. One that has several seats is there until the last goes.
  void join(const SharedClientInfo& who);
  void leave(const SharedClientInfo& who);

  /// The members as they are now, in no particular order. Costs a copy only after a change, so that many may
  /// ask about a large room.
  Snapshot snapshot();

  /// How many people the members are: users, however many connections each has, and connections without one.
  [[nodiscard]] std::size_t users() const { return connections_of_users_.size() + without_user_; }

  /// The same, but of the connections without a user those from one address count as one.
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
  Snapshot snapshot_;  // of the members as they are, or none
};

}  // namespace coroom::detail::room
