#pragma once

#include <coroom/clock.hpp>
#include <coroom/token_fault.hpp>

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace coroom {

/// What a token is told from others by, when it is revoked (Moderation).
struct TokenTrace {
  std::string id = {};                          ///< `jti`; empty: it has none
  std::optional<Clock::TimePoint> issued = {};  ///< `iat`; none: it does not say
};

/// What a token says of a connection.
struct ConnectionToken {
  std::string user = {};                               ///< whose it is; empty: anonymous
  std::string info = {};                               ///< JSON, for ClientInfo::conn_info; empty: nothing
  std::optional<std::chrono::milliseconds> left = {};  ///< until it expires, more than 0; none: never
  TokenTrace trace = {};                               ///< of the token itself
  bool guest = false;                                  ///< ClientInfo::guest
};

/// What a token says of a connection in one room.
struct SubscriptionToken {
  std::string user = {};     ///< who may enter
  std::string channel = {};  ///< the room
  std::string client = {};   ///< the one connection that may enter; empty: all of the user's
  std::string info = {};     ///< JSON, for ClientInfo::chan_info; empty: nothing
  std::string data = {};     ///< JSON, for the client, which gets it with the answer; empty: nothing
  std::optional<std::chrono::milliseconds> left = {};  ///< until it expires, more than 0; none: never
  TokenTrace trace = {};                               ///< of the token itself
};

/// Tells who made a token and what it says. Any thread may ask, and waits for the answer, so it has to be
/// found without asking anybody else. Whether a token fits the connection is not its concern.
class TokenVerifier {
 public:
  TokenVerifier() = default;
  TokenVerifier(const TokenVerifier&) = delete;
  TokenVerifier& operator=(const TokenVerifier&) = delete;
  virtual ~TokenVerifier() = default;

  /// A token that comes with `connect` or `refresh`.
  [[nodiscard]] virtual tl::expected<ConnectionToken, TokenFault> connection(
      std::string_view token) const = 0;

  /// A token that comes with `subscribe` or `sub_refresh`.
  [[nodiscard]] virtual tl::expected<SubscriptionToken, TokenFault> subscription(
      std::string_view token) const = 0;

  /// What a check costs the server, as so many messages: the client is charged for them (RateLimit). A token
  /// with TokenCause::signature is charged ten times as much.
  [[nodiscard]] virtual std::size_t cost() const { return 0; }
};

}  // namespace coroom
