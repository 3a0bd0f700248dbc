#pragma once

#include <coroom/error.hpp>

#include <cstdint>
#include <memory>
#include <openssl/types.h>
#include <string>
#include <string_view>

namespace coroom::detail::auth {

/// A key that verifies tokens. It serves only one family of algorithms, regardless of the algorithm in a
/// token. Otherwise the public half of an RSA key would serve as an HMAC secret.
struct TokenKey {
  enum class Family { hmac, rsa, p256, p384, p521, ed25519 };

  std::string id;  ///< for tokens with this `kid`; empty: for tokens that name no other key
  Family family = Family::hmac;
  std::string material = {};                        ///< the secret; empty for other families
  std::shared_ptr<EVP_PKEY> public_part = nullptr;  ///< of the other families; thread-safe
  bool is_for_guests = false;                       ///< accepts only users that begin with guest_prefix
  std::string algorithm = {};                       ///< the only one of its family; empty: all of them
};

/// Whether an HMAC secret may have less than 32 bytes (RFC 7518 section 3.2). An attacker with one token can
/// find a short one by trying.
enum class ShortSecret : std::uint8_t { rejected, allowed };

/// The `kid` of the server's own key (GuestTokens), which no other key may have.
constexpr std::string_view guest_kid = "guest";

/// The prefix of a guest's user.
constexpr std::string_view guest_prefix = "guest:";

Result<TokenKey> hmac_key(std::string id, std::string secret,
                          ShortSecret short_secret = ShortSecret::rejected);

/// Returns whether the key is an HMAC secret of less than 32 bytes.
bool is_short_secret(const TokenKey& key);

/// Reads a public key as PEM (`BEGIN PUBLIC KEY`). Accepts RSA with at least 2048 bits (RFC 7518 section
/// 3.3), EC on P-256, P-384 or P-521, and Ed25519 (RFC 8037).
Result<TokenKey> public_key(std::string id, const std::string& pem);

/// Makes a key of a parsed public key. Accepts the same kinds.
Result<TokenKey> public_key(std::string id, std::shared_ptr<EVP_PKEY> key);

/// Reads such a key from `FILE`, or from `KID=FILE` for one `kid`. A secret's file is read by read_secret().
///@{
Result<TokenKey> read_hmac_key(const std::string& file, ShortSecret short_secret = ShortSecret::rejected);
Result<TokenKey> read_public_key(const std::string& file);
///@}

}  // namespace coroom::detail::auth
