#pragma once

#include <chrono>

namespace coroom {

/// The clients that may do one thing in a room. Each flag permits more of them.
struct Permission {
  bool client = false;      ///< every connection, subscribed to the room or not
  bool subscriber = false;  ///< connections that are subscribed to the room
  bool anonymous = false;   ///< of those above, also the ones without a user (ClientInfo::is_anonymous())

  /// Returns whether a connection is permitted.
  [[nodiscard]] bool allows(bool is_anonymous, bool is_subscribed) const {
    if (is_anonymous && !anonymous) return false;
    return client || (subscriber && is_subscribed);
  }
};

/// The rights of clients in a room. The defaults serve an open chat.
struct RoomRules {
  bool force_push_join_leave = false;  ///< clients get joins and leaves without having asked for them
  bool force_recovery = true;          ///< clients can recover without having asked for it
  bool force_positioning = false;      ///< clients get positions without having asked for them

  /// Permits the users that the name lists after its last `#`, such as 42 and 43 in `chat#42,43`, to
  /// subscribe.
  bool allow_user_limited = false;

  /// Marks in names have no meaning. Otherwise only clients with a subscription token, and listed users, may
  /// subscribe to a room with a `#` in its name, and only clients with a subscription token to one whose name
  /// begins with `$`.
  bool ignore_marks = false;

  std::chrono::milliseconds slow_mode{0};  ///< between two publications of one user; 0: no limit
  Permission subscribe{.client = true, .anonymous = true};
  Permission publish{.subscriber = true, .anonymous = true};
  Permission presence{.subscriber = true, .anonymous = true};
  Permission history{.subscriber = true, .anonymous = true};
};

}  // namespace coroom
