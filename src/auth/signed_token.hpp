#pragma once

#include "auth/token_key.hpp"

#include <coroom/token_fault.hpp>

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace coroom::detail::auth {

struct Algorithm;

/// A JSON Web Token (RFC 7519, RFC 7515 section 7.1) taken apart: HS, RS and ES with 256, 384 and 512. What
/// is cheap to see is checked first, and its signature when it is asked for.
class SignedToken {
 public:
  /// Fails for what is no token, and where none of the keys is for its algorithm and `kid`. The token and the
  /// keys outlive it.
  static tl::expected<SignedToken, TokenFault> read(std::string_view token,
                                                    const std::vector<TokenKey>& keys);

  /// JSON, if whoever made the token made no mistake.
  [[nodiscard]] std::string claims() const;

  /// TokenKey::is_for_guests
  [[nodiscard]] bool is_for_guests() const { return keys_.front()->is_for_guests; }

  /// Whether one of the keys has signed it. Takes up to a millisecond for a public key.
  [[nodiscard]] bool is_signed() const;

 private:
  SignedToken() = default;

  const Algorithm* algorithm_ = nullptr;
  std::vector<const TokenKey*> keys_;  // that may have signed it; not empty
  std::string_view text_;              // that is signed
  std::string_view claims_;            // in base64url, as the signature
  std::string_view signature_;
};

}  // namespace coroom::detail::auth
