#pragma once

#include <openssl/types.h>
#include <string>
#include <string_view>

namespace coroom::detail::auth {

/// Returns whether the owner of an RSA key has signed the text (RFC 7518 section 3.3, PKCS #1 v1.5).
bool has_rsa_signature(EVP_PKEY& key, const EVP_MD* hash, std::string_view text,
                       const std::string& signature);

/// Returns whether the owner of an EC key has signed the text (RFC 7518 section 3.4). The signature is two
/// numbers, each as long as the curve's.
bool has_ec_signature(EVP_PKEY& key, const EVP_MD* hash, std::string_view text, const std::string& signature);

/// Returns whether the owner of an Ed25519 key has signed the text (RFC 8037 section 3.1).
bool has_ed25519_signature(EVP_PKEY& key, std::string_view text, const std::string& signature);

}  // namespace coroom::detail::auth
