#pragma once

#include <coroom/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace coroom::server {

/// Parses a size in bytes: `65536`, `64KiB`, `1MiB`, `2GiB`.
Result<std::size_t> parse_bytes(std::string_view text);

/// Returns the shortest text that parse_bytes() reads as this size: `65536` is 64KiB.
std::string format_bytes(std::size_t bytes);

}  // namespace coroom::server
