#pragma once

#include "auth/claims.hpp"
#include "auth/issuer_keys.hpp"
#include "auth/token_key.hpp"

#include <coroom/clock.hpp>
#include <coroom/token_verifier.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace coroom::detail::auth {

/// The conditions under which tokens are accepted.
struct TokenSettings {
  std::vector<TokenKey> keys = {};
  std::string audience = {};                   ///< must be an audience of the token; empty: any
  std::string issuer = {};                     ///< must be the token's issuer; empty: any
  std::chrono::milliseconds leeway{5000};      ///< tolerance of `exp` and `nbf` for clocks that differ
  std::string user_claim{default_user_claim};  ///< the claim that holds the user; `sub` in tokens of guests
};

class SignedToken;

/// Verifies JSON Web Tokens.
class JwtVerifier final : public TokenVerifier {
 public:
  /// The clock outlives it. `issuer` adds its keys to those of the settings; nullptr: there are none.
  JwtVerifier(TokenSettings settings, const Clock& clock, std::shared_ptr<const IssuerKeys> issuer = nullptr);

  [[nodiscard]] tl::expected<ConnectionToken, TokenFault> connection(std::string_view token) const override;
  [[nodiscard]] tl::expected<SubscriptionToken, TokenFault> subscription(
      std::string_view token) const override;

  /// Returns ten messages if a public key or an issuer's set is configured, because a check takes as long. A
  /// check with a secret costs next to nothing.
  [[nodiscard]] std::size_t cost() const override;

 private:
  using TimeLeft = std::optional<std::chrono::milliseconds>;

  /// The claims of a token, and whether it is a guest's.
  struct CheckedClaims : Claims {
    bool is_guest = false;
  };

  /// The use of a token. The signature is verified last.
  enum class Kind { connection, subscription };
  [[nodiscard]] tl::expected<CheckedClaims, TokenFault> checked_claims(std::string_view token,
                                                                       Kind kind) const;
  [[nodiscard]] TokenFault unknown_key(const SignedToken& token, const IssuerKeys::Keys& issued,
                                       bool may_be_of_issuer) const;
  [[nodiscard]] std::optional<TokenFault> fault_of(const CheckedClaims& claims, Kind kind) const;
  [[nodiscard]] tl::expected<TimeLeft, TokenFault> left(const Claims& claims) const;

  TokenSettings settings_;
  const Clock& clock_;
  std::shared_ptr<const IssuerKeys> issuer_;
};

}  // namespace coroom::detail::auth
