#pragma once

#include "auth/subscription_claims.hpp"

#include <coroom/clock.hpp>
#include <coroom/server_subscription.hpp>
#include <coroom/token_fault.hpp>

#include <tl/expected.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::detail::auth {

/// The claims of a token (RFC 7519 section 4.1, and the Centrifuge protocol's own). Absent claims are empty.
struct Claims {
  std::string user;                        // sub, or the claim of --token-user-claim
  std::string issuer;                      // iss
  std::vector<std::string> audiences;      // aud
  std::string id;                          // jti
  std::optional<Clock::TimePoint> issued;  // iat
  std::optional<Clock::TimePoint> not_before;
  std::optional<Clock::TimePoint> expires;    // exp
  std::optional<Clock::TimePoint> expire_at;  // the exp of the connection or subscription
  bool never_ends = false;                    // expire_at is 0
  std::optional<std::string> channel;
  std::string client;
  std::string info;                  // JSON
  std::string data;                  // JSON, of a subscription token
  SubscriptionOverrides overrides;   // of a subscription token
  std::string meta;                  // JSON, of a connection token
  SubscriptionClaims subscriptions;  // of a connection token
};

/// The claim that holds the user (RFC 7519 section 4.1.2).
constexpr std::string_view default_user_claim = "sub";

/// Fails unless the text is a JSON object with claims of the right types; the fault names the claim. A claim
/// other than `sub` may hold the user as an integer, which is read as its decimal digits. A token with a
/// `channel` is read as a subscription token, and any other as a connection token.
tl::expected<Claims, TokenFault> read_claims(std::string_view json,
                                             std::string_view user_claim = default_user_claim);

}  // namespace coroom::detail::auth
