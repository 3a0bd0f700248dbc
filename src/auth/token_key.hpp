#pragma once

#include <coroom/error.hpp>

#include <memory>
#include <openssl/types.h>
#include <string>
#include <string_view>

namespace coroom::detail::auth {

/// What tokens are checked with. A key belongs to one family of algorithms and serves no other, whatever a
/// token asks for: else the public half of an RSA key would do as a secret to sign with.
struct TokenKey {
  enum class Family { hmac, rsa, p256, p384, p521 };

  std::string id;  ///< for the tokens that name it as their `kid`; empty: for all that name no other key
  Family family = Family::hmac;
  std::string material = {};                        ///< the secret; of all others, empty
  std::shared_ptr<EVP_PKEY> public_part = nullptr;  ///< of all others; may be used by many threads at once
  bool is_for_guests = false;  ///< it vouches for nobody but guests, whose users begin with guest_prefix
};

/// The `kid` of the server's own key (GuestTokens), which no other key may have.
constexpr std::string_view guest_kid = "guest";

/// What the users of guests begin with.
constexpr std::string_view guest_prefix = "guest:";

/// A secret of 32 bytes at least (RFC 7518 section 3.2), since a token is all that is needed to guess it.
Result<TokenKey> hmac_key(std::string id, std::string secret);

/// A public key as PEM (`BEGIN PUBLIC KEY`): RSA with 2048 bits at least (RFC 7518 section 3.3), or EC on
/// P-256, P-384 or P-521.
Result<TokenKey> public_key(std::string id, const std::string& pem);

/// The same from `FILE`, or for one `kid` from `KID=FILE`. A secret's file is read by read_secret().
///@{
Result<TokenKey> read_hmac_key(const std::string& file);
Result<TokenKey> read_public_key(const std::string& file);
///@}

}  // namespace coroom::detail::auth
