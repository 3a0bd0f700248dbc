#pragma once

#include <coroom/compression.hpp>

#include <string_view>

namespace coroom::detail::websocket {

/// Whether zlib knows these levels.
bool is_valid(const CompressionOptions& options);

/// The message as permessage-deflate sends it (RFC 7692 section 7.2.1), until the next call on this thread.
/// Empty where it would not be shorter. Throws std::invalid_argument for levels that are not valid.
std::string_view deflated(std::string_view message, const DeflateParams& how);

}  // namespace coroom::detail::websocket
