#pragma once

#include <coroom/error.hpp>
#include <coroom/room_options.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace coroom::server {

/// Who may do something in a room: connections of users, whoever has subscribed to it, and whether
/// connections without a user count as well.
struct Permission {
  bool client = false;
  bool subscriber = false;
  bool anonymous = false;

  [[nodiscard]] bool allows(bool is_anonymous, bool is_subscribed) const {
    if (is_anonymous && !anonymous) return false;
    return client || (subscriber && is_subscribed);
  }
};

/// What goes for the rooms of a namespace. The defaults serve an open chat.
struct RoomRules {
  RoomOptions room{
      .presence = true, .join_leave = true, .history_size = 100, .history_ttl = std::chrono::hours(24)};
  bool force_push_join_leave = false;  ///< to those too who did not ask for it
  bool force_recovery = true;          ///< of those too who did not ask for it
  bool force_positioning = false;      ///< the same without recovery
  Permission subscribe{.client = true, .anonymous = true};
  Permission publish{.subscriber = true, .anonymous = true};
  Permission presence{.subscriber = true, .anonymous = true};
  Permission history{.subscriber = true, .anonymous = true};
};

/// The rules of all rooms. A room `NAME:REST` has those of the namespace NAME, if there is one; all others
/// have the default ones.
class Namespaces {
 public:
  [[nodiscard]] const RoomRules& of(std::string_view room) const;

  /// Sets an option as it stands in a file, `KEY` of the default rules or `NAME.KEY` of a namespace; an error
  /// says which key or value is wrong. A namespace that is named for the first time begins with RoomRules'
  /// defaults.
  Result<> set(std::string_view key, std::string_view value);

  RoomRules others;
  std::map<std::string, RoomRules, std::less<>> named;
};

}  // namespace coroom::server
