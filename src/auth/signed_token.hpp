#pragma once

#include "auth/token_key.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::auth {

/// What a key has signed.
struct SignedClaims {
  std::string text;            ///< JSON, if whoever has the key made no mistake
  bool is_for_guests = false;  ///< TokenKey::is_for_guests
};

/// The claims of a JSON Web Token (RFC 7519, RFC 7515 section 7.1), if one of the keys has signed
/// it: HS, RS and ES with 256, 384 and 512. nullopt: they have not, whatever else it may be.
std::optional<SignedClaims> signed_claims(std::string_view token, const std::vector<TokenKey>& keys);

}  // namespace coroom::auth
