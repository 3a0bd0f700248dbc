#pragma once

#include "auth/token_key.hpp"

#include <coroom/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::detail::auth {

/// The longest document of a key set, in bytes. A hundred RSA keys with certificates are shorter.
constexpr std::size_t longest_key_set = 1024 * 1024;

/// The keys of an issuer's JSON Web Key Set (RFC 7517 section 5) that verify tokens.
struct KeySet {
  std::vector<TokenKey> keys;  // not empty
  std::size_t skipped = 0;     // keys for other uses, of unsupported kinds, or invalid
};

/// Reads a key set. It accepts RSA with 2048 to 8192 bits, EC on P-256, P-384 and P-521 (RFC 7518 section
/// 6), and Ed25519 (RFC 8037). It skips keys that are not for signatures. Fails for text that is not such a
/// set, for more than 100 keys, and if no key is left.
Result<KeySet> parse_key_set(std::string_view document);

/// Reads a key set from a file; the error names the file.
Result<KeySet> read_key_set(const std::string& file);

}  // namespace coroom::detail::auth
