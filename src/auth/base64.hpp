#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coroom::detail::auth {

/// Decodes base64 with its padding (RFC 4648 section 4). Returns nullopt for any other letter, also for white
/// space, and for a wrong length.
std::optional<std::string> decode_base64(std::string_view text);

/// Decodes base64url without padding (RFC 4648 section 5, RFC 7515 section 2), as strictly.
std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace coroom::detail::auth
