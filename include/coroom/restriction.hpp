#pragma once

#include <coroom/clock.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace coroom {

/// A restriction that a moderator imposes. It holds until its end, or until it is lifted. There is one of
/// each kind for a subject, and of mutes one for each room.
struct Restriction {
  /// The kind, which decides what the subject is. The numbers are stored on disk.
  enum class Kind {
    user_ban = 0,     ///< the user may not connect
    network_ban = 1,  ///< an address, or a network such as `192.0.2.0/24` or `2001:db8::/64`, may not connect
    mute = 2,         ///< the user may read but not publish, in one room or in all
    slow_mode = 3,    ///< in the room each user may publish once in an interval
    token_revocation = 4,  ///< the token with this ID (`jti`) is rejected
    user_revocation = 5,   ///< tokens of the user from before a time are rejected
    last = user_revocation
  };

  /// The end of a restriction; nullopt: it has none.
  using Until = std::optional<Clock::TimePoint>;

  /// Bans a user.
  static Restriction ban_user(std::string user, Until until = std::nullopt) {
    return {.kind = Kind::user_ban, .subject = std::move(user), .until = until};
  }

  /// Bans an address, or a network with its prefix length. An IPv6 customer usually has a whole /64: ban that
  /// rather than one address.
  static Restriction ban_network(std::string network, Until until = std::nullopt) {
    return {.kind = Kind::network_ban, .subject = std::move(network), .until = until};
  }

  /// Mutes a user in one room, or in all rooms if `room` is empty.
  static Restriction mute(std::string user, std::string room = {}, Until until = std::nullopt) {
    return {.kind = Kind::mute, .subject = std::move(user), .room = std::move(room), .until = until};
  }

  /// Sets the interval between two publications of one user, or of one connection without a user, in place of
  /// the one of RoomRules; 0: no limit.
  static Restriction slow(std::string room, std::chrono::milliseconds interval, Until until = std::nullopt) {
    return {.kind = Kind::slow_mode, .subject = std::move(room), .until = until, .interval = interval};
  }

  /// Revokes a token. `expires` is its expiry (`exp`), after which the restriction is removed.
  static Restriction revoke_token(std::string id, Until expires = std::nullopt) {
    return {.kind = Kind::token_revocation, .subject = std::move(id), .until = expires};
  }

  /// Revokes the user's tokens that were issued (`iat`) before a time, or have no such claim. `expire` is the
  /// expiry of the last of them.
  static Restriction revoke_user(std::string user, Clock::TimePoint before, Until expire = std::nullopt) {
    return {.kind = Kind::user_revocation, .subject = std::move(user), .until = expire, .before = before};
  }

  Kind kind = Kind::user_ban;
  std::string subject = {};               ///< the user, network, room or token ID
  std::string room = {};                  ///< of a mute; empty: all rooms
  Until until = {};                       ///< the end
  std::chrono::milliseconds interval{0};  ///< of slow mode: between two publications
  Clock::TimePoint before = {};           ///< of a user's revocation
  std::string reason = {};                ///< for moderators; clients do not get it
  Clock::TimePoint since = {};            ///< the time at which it was imposed; set by Moderation
};

}  // namespace coroom
