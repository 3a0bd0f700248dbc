#pragma once

#include <coroom/error.hpp>

#include <cstddef>
#include <string_view>

namespace coroom::server {

/// Parses a size in bytes: `65536`, `64KiB`, `1MiB`, `2GiB`.
Result<std::size_t> parse_bytes(std::string_view text);

}  // namespace coroom::server
