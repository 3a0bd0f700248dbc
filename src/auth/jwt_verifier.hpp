#pragma once

#include "auth/claims.hpp"
#include "auth/token_key.hpp"

#include <coroom/clock.hpp>
#include <coroom/token_verifier.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace coroom::detail::auth {

/// Which tokens are taken.
struct TokenSettings {
  std::vector<TokenKey> keys;
  std::string audience;                    ///< has to be among those of a token; empty: it does not matter
  std::string issuer;                      ///< has to be the token's; empty: it does not matter
  std::chrono::milliseconds leeway{5000};  ///< that clocks may differ by: `exp` and `nbf` are not exact
};

/// Takes JSON Web Tokens.
class JwtVerifier final : public TokenVerifier {
 public:
  /// The clock outlives it.
  JwtVerifier(TokenSettings settings, const Clock& clock);

  [[nodiscard]] tl::expected<ConnectionToken, TokenFault> connection(std::string_view token) const override;
  [[nodiscard]] tl::expected<SubscriptionToken, TokenFault> subscription(
      std::string_view token) const override;

  /// Ten messages with a public key, which takes as long; a secret costs next to nothing.
  [[nodiscard]] std::size_t cost() const override;

 private:
  using TimeLeft = std::optional<std::chrono::milliseconds>;

  /// What a token claims, and whether it is one of a guest.
  struct Said : Claims {
    bool is_guest = false;
  };

  /// Of a token of this kind, whose signature is looked at last.
  enum class Kind { connection, subscription };
  [[nodiscard]] tl::expected<Said, TokenFault> claims(std::string_view token, Kind kind) const;
  [[nodiscard]] std::optional<TokenFault> fault_of(const Said& said, Kind kind) const;
  [[nodiscard]] tl::expected<TimeLeft, TokenFault> left(const Claims& claims) const;

  TokenSettings settings_;
  const Clock& clock_;
};

}  // namespace coroom::detail::auth
