#pragma once

#include <chrono>

namespace coroom {

/// Who may do something in a room: connections of users, whoever has subscribed to it, and whether
/// connections without a user count as well, and guests (ClientInfo::is_anonymous()).
struct Permission {
  bool client = false;      ///< every connection
  bool subscriber = false;  ///< who has subscribed to the room
  bool anonymous = false;   ///< connections without a user too, of those above

  /// Whether somebody of this kind may.
  [[nodiscard]] bool allows(bool is_anonymous, bool is_subscribed) const {
    if (is_anonymous && !anonymous) return false;
    return client || (subscriber && is_subscribed);
  }
};

/// What clients of a room may do. The defaults serve an open chat.
struct RoomRules {
  bool force_push_join_leave = false;  ///< who enters and leaves is told to those too who did not ask for it
  bool force_recovery = true;          ///< a client can recover without having asked for it
  bool force_positioning = false;      ///< the same for its position alone
  std::chrono::milliseconds slow_mode{0};  ///< each user may speak once in this time; 0: without limit
  Permission subscribe{.client = true, .anonymous = true};     ///< to be in it
  Permission publish{.subscriber = true, .anonymous = true};   ///< to say something
  Permission presence{.subscriber = true, .anonymous = true};  ///< to read who is there
  Permission history{.subscriber = true, .anonymous = true};   ///< to read what was said
};

}  // namespace coroom
