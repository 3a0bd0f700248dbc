#pragma once

#include "auth/token_key.hpp"

#include <coroom/clock.hpp>
#include <coroom/token_verifier.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace coroom::detail::auth {

/// Tokens that the server itself makes for who comes without an account: they say who somebody is only as far
/// as that it is the one who was given the first of them. Any thread may use it.
class GuestTokens {
 public:
  /// A user, and the token that said so.
  struct Guest {
    std::string user;
    TokenTrace trace;
  };

  /// `secret` is what the tokens are signed with; `audience` and `issuer`, where they are not empty, are what
  /// a token has to say here. The clock outlives it.
  GuestTokens(std::string secret, std::string audience, std::string issuer, const Clock& clock);

  /// From the system's source of randomness.
  static std::string new_secret();

  /// A user that nobody else is: `guest:UUID`.
  static std::string new_user();

  /// For TokenSettings: takes these tokens, and no others.
  [[nodiscard]] TokenKey key() const { return key_; }

  /// Whose an earlier token is, expired or not. nullopt: it was not made here.
  [[nodiscard]] std::optional<Guest> owner(std::string_view token) const;

  /// A token of a connection for 24 hours, with `{"name":NAME}` for its info. The name is UTF-8.
  [[nodiscard]] std::string make(std::string_view user, std::string_view name) const;

 private:
  TokenKey key_;
  std::string audience_;
  std::string issuer_;
  const Clock& clock_;
};

}  // namespace coroom::detail::auth
