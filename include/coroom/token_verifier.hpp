#pragma once

#include <coroom/clock.hpp>
#include <coroom/server_subscription.hpp>
#include <coroom/token_fault.hpp>

#include <tl/expected.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace coroom {

/// The properties of a token by which it can be revoked (Moderation).
struct TokenTrace {
  std::string id = {};                          ///< `jti`; empty: none
  std::optional<Clock::TimePoint> issued = {};  ///< `iat`; nullopt: none
};

/// The contents of a token for a connection.
struct ConnectionToken {
  std::string user = {};                               ///< user id; empty: anonymous
  std::string info = {};                               ///< JSON for ClientInfo::conn_info; empty: none
  std::optional<std::chrono::milliseconds> left = {};  ///< time until it expires, more than 0; nullopt: never
  TokenTrace trace = {};
  bool guest = false;     ///< value of ClientInfo::guest
  std::string meta = {};  ///< JSON for ClientInfo::meta; empty: none
  std::map<std::string, ServerSubscription, std::less<>> subscriptions =
      {};  ///< made for the client, by room
};

/// The contents of a token for the subscription of a connection to one room.
struct SubscriptionToken {
  std::string user = {};     ///< user that may join
  std::string channel = {};  ///< name of the room
  std::string client = {};   ///< only connection that may join; empty: all connections of the user
  std::string info = {};     ///< JSON for ClientInfo::chan_info; empty: none
  std::string data = {};     ///< JSON that the client gets in the reply; empty: none
  std::optional<std::chrono::milliseconds> left = {};  ///< time until it expires, more than 0; nullopt: never
  TokenTrace trace = {};
  SubscriptionOverrides overrides = {};
};

/// Verifies tokens and reads their contents. A program implements it for tokens of its own.
///
/// Any thread calls it, several at once, and blocks until it returns: an implementation must not wait for
/// other services. It does not decide whether a token fits the connection; coroom does.
class TokenVerifier {
 public:
  TokenVerifier() = default;
  TokenVerifier(const TokenVerifier&) = delete;
  TokenVerifier& operator=(const TokenVerifier&) = delete;
  virtual ~TokenVerifier() = default;

  /// Returns the contents of a token from `connect` or `refresh`, or the reason to reject it.
  [[nodiscard]] virtual tl::expected<ConnectionToken, TokenFault> connection(
      std::string_view token) const = 0;

  /// Returns the contents of a token from `subscribe` or `sub_refresh`, or the reason to reject it.
  [[nodiscard]] virtual tl::expected<SubscriptionToken, TokenFault> subscription(
      std::string_view token) const = 0;

  /// Returns the cost of checking a signature, in messages that are charged to the client (RateLimit).
  [[nodiscard]] virtual std::size_t cost() const { return 0; }

  /// Returns the messages to charge for a check with this result, such as by RequestHandler::charge().
  /// `fault` is nullptr for an accepted token. A wrong signature costs ten times as much as cost(), and at
  /// least ten, so a client that sends many of them soon exceeds its rate. Faults that are found before the
  /// signature is checked cost nothing. The library charges its own checks so.
  [[nodiscard]] std::size_t cost_of(const TokenFault* fault) const;
};

}  // namespace coroom
