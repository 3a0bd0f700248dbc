#pragma once

#include <coroom/clock.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace coroom {

/// What a moderator has decided. It holds until its time is over or it is lifted. There is one of a kind for
/// a subject, and of mutes one for each room.
struct Restriction {
  /// What is decided, and what the subject is. The numbers are kept on disk.
  enum class Kind {
    user_ban = 0,          ///< a user may not connect
    network_ban = 1,       ///< an address, or a network such as `192.0.2.0/24` or `2001:db8::/64`, may not
    mute = 2,              ///< a user may read and not speak, in one room or everywhere
    slow_mode = 3,         ///< in a room everybody may speak once in a while
    token_revocation = 4,  ///< the token with this id (`jti`) is not taken any more
    user_revocation = 5,   ///< a user's tokens from before some time are not
    last = user_revocation
  };

  /// The end of a ruling; none: it has no end.
  using Until = std::optional<Clock::TimePoint>;

  Restriction() = default;

  /// What else it has is set by its members; the functions below do both.
  Restriction(Kind what, std::string whom, Until end = std::nullopt)
      : kind(what), subject(std::move(whom)), until(end) {}

  /// Nobody connects as this user.
  static Restriction ban_user(std::string user, Until until = std::nullopt) {
    return Restriction(Kind::user_ban, std::move(user), until);
  }

  /// Nobody connects from there: an address, or a network with its length. Who has IPv6 mostly has 2^64
  /// addresses: a ban of one of them should be of its `/64`.
  static Restriction ban_network(std::string network, Until until = std::nullopt) {
    return Restriction(Kind::network_ban, std::move(network), until);
  }

  /// The user says nothing in this room; without one, in none.
  static Restriction mute(std::string user, std::string room = {}, Until until = std::nullopt) {
    Restriction made(Kind::mute, std::move(user), until);
    made.room = std::move(room);
    return made;
  }

  /// Each user, and each connection without one, may speak once in this time. Counts in place of what
  /// RoomRules says; 0: as often as they like.
  static Restriction slow(std::string room, std::chrono::milliseconds interval, Until until = std::nullopt) {
    Restriction made(Kind::slow_mode, std::move(room), until);
    made.interval = interval;
    return made;
  }

  /// The token is not taken any more. `expires` is when it would not be anyway (`exp`): the ruling is
  /// forgotten then.
  static Restriction revoke_token(std::string id, Until expires = std::nullopt) {
    return Restriction(Kind::token_revocation, std::move(id), expires);
  }

  /// None of the user's tokens that say nothing of when they were issued (`iat`), or that it was before this
  /// time, is taken any more. `expire` is when the last of them would not be anyway.
  static Restriction revoke_user(std::string user, Clock::TimePoint before, Until expire = std::nullopt) {
    Restriction made(Kind::user_revocation, std::move(user), expire);
    made.before = before;
    return made;
  }

  Kind kind = Kind::user_ban;             ///< what is decided
  std::string subject;                    ///< of whom or what
  std::string room;                       ///< of a mute: where; empty: everywhere
  Until until;                            ///< when it is over
  std::chrono::milliseconds interval{0};  ///< of slow mode: between two publications
  Clock::TimePoint before;                ///< of a user's revocation
  std::string reason;                     ///< for moderators; nobody else is told
  Clock::TimePoint since;                 ///< when it was imposed; set by Moderation
};

}  // namespace coroom
