#pragma once

#include <coroom/compression.hpp>

#include <string_view>

namespace coroom::detail::websocket {

/// Returns whether zlib accepts these levels.
bool is_valid(const CompressionOptions& options);

/// Compresses a message for permessage-deflate (RFC 7692 section 7.2.1). The result is valid until the next
/// call on this thread. It is empty if it would not be shorter, or if the message is shorter than the
/// threshold. Throws std::invalid_argument for invalid levels.
std::string_view deflated(std::string_view message, const DeflateParams& how);

}  // namespace coroom::detail::websocket
