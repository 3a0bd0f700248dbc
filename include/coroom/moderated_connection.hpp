#pragma once

#include <coroom/disconnect.hpp>

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

 protected:
  ~ModeratedConnection() = default;
};

}  // namespace coroom
