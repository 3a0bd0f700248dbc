#pragma once

#include <coroom/disconnect.hpp>
#include <coroom/server_subscription.hpp>

#include <string>

namespace coroom {

/// A connection that moderators can reach (Moderation::register_connection()). The calls come on the
/// connection's own thread. Exceptions are logged.
class ModeratedConnection {
 public:
  ModeratedConnection() = default;
  ModeratedConnection(const ModeratedConnection&) = delete;
  ModeratedConnection& operator=(const ModeratedConnection&) = delete;

  /// Closes the connection.
  virtual void on_kick(const Disconnect& why) = 0;

  /// Ends the connection's membership in a room; does nothing if it is not a member.
  virtual void on_kick_from(const std::string& room) = 0;

  /// Called when some tokens were revoked: ends the memberships that were permitted by one of them
  /// (Moderation::is_revoked()).
  virtual void on_revoked() {}

  /// Makes the connection a member of a room; does nothing if it is one (Moderation::subscribe()).
  virtual void on_subscribe(const std::string& /*room*/, const ServerSubscription& /*subscription*/) {}

  /// Ends the connection's membership in a room by Moderation::unsubscribe().
  virtual void on_unsubscribe(const std::string& room) { on_kick_from(room); }

  /// Sends JSON to the client, outside of rooms (Moderation::send()).
  virtual void on_send(const std::string& /*json*/) {}

 protected:
  ~ModeratedConnection() = default;
};

}  // namespace coroom
