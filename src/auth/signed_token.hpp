#pragma once

#include "auth/token_key.hpp"

#include <coroom/token_fault.hpp>

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace coroom::detail::auth {

struct Algorithm;

/// A parsed JSON Web Token (RFC 7519, RFC 7515 section 7.1): HS, RS and ES with 256, 384 and 512. The cheap
/// checks come first, the signature only on demand.
class SignedToken {
 public:
  /// Fails if the text is not a token, or if no key is for its algorithm and `kid`. The token and the keys
  /// outlive it.
  static tl::expected<SignedToken, TokenFault> read(std::string_view token,
                                                    const std::vector<TokenKey>& keys);

  /// Returns the claims. They are JSON unless the issuer made a mistake.
  [[nodiscard]] std::string claims() const;

  /// See TokenKey::is_for_guests.
  [[nodiscard]] bool is_for_guests() const { return keys_.front()->is_for_guests; }

  /// Returns whether one of the keys has signed the token. Takes up to a millisecond for a public key.
  [[nodiscard]] bool is_signed() const;

 private:
  SignedToken() = default;

  const Algorithm* algorithm_ = nullptr;
  std::vector<const TokenKey*> keys_;  // candidates for its signature; not empty
  std::string_view text_;              // the signed part
  std::string_view claims_;            // in base64url, like the signature
  std::string_view signature_;
};

}  // namespace coroom::detail::auth
