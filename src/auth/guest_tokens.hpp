#pragma once

#include "auth/token_key.hpp"

#include <coroom/clock.hpp>
#include <coroom/token_verifier.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace coroom::detail::auth {

/// Tokens that the server issues to clients without a token of their own. Such a token proves only that its
/// bearer got the first token of this user. Any thread may use it.
class GuestTokens {
 public:
  /// A user and the token that named it.
  struct Guest {
    std::string user;
    TokenTrace trace;
  };

  /// `secret` signs the tokens. `audience` and `issuer`, if not empty, become claims of each token. The clock
  /// outlives it.
  GuestTokens(std::string secret, std::string audience, std::string issuer, const Clock& clock);

  /// Returns a secret from the system's source of randomness.
  static std::string new_secret();

  /// Returns a unique user, `guest:UUID`.
  static std::string new_user();

  /// Returns the key for TokenSettings that verifies these tokens, and no others.
  [[nodiscard]] TokenKey key() const { return key_; }

  /// Returns the user of an earlier token, expired or not; nullopt if this server did not issue it.
  [[nodiscard]] std::optional<Guest> owner(std::string_view token) const;

  /// Returns a connection token for 24 hours with `{"name":NAME}` as its info. The name is UTF-8.
  [[nodiscard]] std::string make(std::string_view user, std::string_view name) const;

 private:
  TokenKey key_;
  std::string audience_;
  std::string issuer_;
  const Clock& clock_;
};

}  // namespace coroom::detail::auth
