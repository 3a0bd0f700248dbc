#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <utility>

namespace coroom {

/// Why a token is refused. A client learns less: that its time is over, or that it is not taken.
enum class TokenCause : std::size_t {
  invalid,        ///< a TokenVerifier of the program's own says no more
  missing,        ///< there is none, and nobody enters without
  malformed,      ///< no JSON Web Token, or one of another type
  unknown_key,    ///< no key is there for its algorithm and `kid`
  claim_type,     ///< a claim has the wrong type
  issuer,         ///< `iss` is another one
  audience,       ///< `aud` is another one
  wrong_kind,     ///< a subscription's for a connection, or the other way round
  signature,      ///< the key has not signed it
  expired,        ///< its time is over
  not_yet_valid,  ///< its time has not begun
  wrong_channel,  ///< of another room
  wrong_user,     ///< of another user
  wrong_client,   ///< of another connection
  revoked,        ///< a moderator has revoked it
  last = revoked  ///< of them all
};

/// As the log and metrics call them, in the order of TokenCause.
inline constexpr std::array<const char*, static_cast<std::size_t>(TokenCause::last) + 1> token_cause_names = {
    "invalid",       "missing",       "malformed",  "unknown_key",  "claim_type",
    "issuer",        "audience",      "wrong_kind", "signature",    "expired",
    "not_yet_valid", "wrong_channel", "wrong_user", "wrong_client", "revoked"};

/// Why a TokenVerifier does not take a token.
struct TokenFault {
  /// A cause alone is a fault too, so the conversion is implicit. `what` may go into the log.
  TokenFault(TokenCause why, std::string what = {})  // NOLINT(google-explicit-constructor)
      : cause(why), detail(std::move(what)) {}

  /// Another token may be better: the client is told that this one has expired.
  [[nodiscard]] bool is_about_time() const {
    return cause == TokenCause::expired || cause == TokenCause::not_yet_valid;
  }

  /// Compares the causes.
  bool operator==(const TokenFault& other) const { return cause == other.cause; }

  static constexpr TokenCause invalid = TokenCause::invalid;  ///< TokenCause::invalid
  static constexpr TokenCause expired = TokenCause::expired;  ///< TokenCause::expired

  TokenCause cause;    ///< what is wrong with the token
  std::string detail;  ///< for the log; none of the token's own text
};

}  // namespace coroom
