#pragma once

#include <optional>
#include <string>

namespace coroom {

/// Features that one subscription has or lacks, in place of what the rules of its room say. nullopt: the
/// room's rules and options decide. A room whose options turn presence or joins and leaves off has them
/// for no subscription.
struct SubscriptionOverrides {
  std::optional<bool> presence = {};               ///< false: the client is not in the list of members
  std::optional<bool> join_leave = {};             ///< false: its join and its leave are not announced
  std::optional<bool> force_push_join_leave = {};  ///< replaces RoomRules::force_push_join_leave
  std::optional<bool> force_recovery = {};         ///< replaces RoomRules::force_recovery
  std::optional<bool> force_positioning = {};      ///< replaces RoomRules::force_positioning

  bool operator==(const SubscriptionOverrides&) const = default;
};

/// A subscription that the server makes for a client, which did not ask for it.
struct ServerSubscription {
  std::string info = {};                 ///< JSON for ClientInfo::chan_info; empty: none
  std::string data = {};                 ///< JSON that the client gets with the subscription; empty: none
  SubscriptionOverrides overrides = {};  ///< of this subscription

  bool operator==(const ServerSubscription&) const = default;
};

}  // namespace coroom
