#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace coroom {

/// The cause of a rejected token, for the log and the counters. A client only learns whether its token has
/// expired or is invalid.
enum class TokenCause : std::size_t {
  invalid,                ///< no details, from a TokenVerifier of the program
  missing,                ///< no token, although one is required
  malformed,              ///< not a JSON Web Token, or of another type
  unknown_key,            ///< no key for its algorithm and `kid`
  claim_type,             ///< a claim has the wrong type
  issuer,                 ///< wrong `iss`
  audience,               ///< wrong `aud`
  wrong_kind,             ///< a subscription token for a connection, or the other way round
  signature,              ///< not signed by the key
  expired,                ///< expired
  not_yet_valid,          ///< not valid yet
  wrong_channel,          ///< of another room
  wrong_user,             ///< of another user
  wrong_client,           ///< of another connection
  revoked,                ///< revoked by a moderator
  keys_not_loaded,        ///< the keys of the issuer were not read yet, so the client may try again
  last = keys_not_loaded  ///< the last cause
};

/// The names of the causes in logs and metrics, in the order of TokenCause.
inline constexpr std::array<const char*, static_cast<std::size_t>(TokenCause::last) + 1> token_cause_names = {
    "invalid",    "missing",      "malformed", "unknown_key",    "claim_type",    "issuer",
    "audience",   "wrong_kind",   "signature", "expired",        "not_yet_valid", "wrong_channel",
    "wrong_user", "wrong_client", "revoked",   "keys_not_loaded"};

/// The error of a TokenVerifier that rejects a token.
struct TokenFault {
  /// Constructs a fault; a cause alone converts implicitly. `what` may be logged, and must not contain text
  /// of the token.
  TokenFault(TokenCause why, std::string what = {})  // NOLINT(google-explicit-constructor)
      : cause(why), detail(std::move(what)) {}

  /// Returns whether the token is outside its time, so that a new token may be accepted. The client is then
  /// notified of an expired token.
  [[nodiscard]] bool is_about_time() const {
    return cause == TokenCause::expired || cause == TokenCause::not_yet_valid;
  }

  /// Returns whether the server could not verify the token yet, so that the same token may be accepted later.
  /// The client is then notified of a temporary error.
  [[nodiscard]] bool is_temporary() const { return cause == TokenCause::keys_not_loaded; }

  /// Compares the causes.
  bool operator==(const TokenFault& other) const { return cause == other.cause; }

  static constexpr TokenCause invalid = TokenCause::invalid;  ///< TokenCause::invalid
  static constexpr TokenCause expired = TokenCause::expired;  ///< TokenCause::expired

  TokenCause cause;
  std::string detail;  ///< for the log, without text of the token
};

}  // namespace coroom
