#pragma once

#include <coroom/error.hpp>

#include <chrono>
#include <cstddef>
#include <string_view>

namespace coroom::server {

/// A whole number, zero or more: `1000`.
Result<std::size_t> parse_count(std::string_view text);

/// Bytes: `65536`, `64KiB`, `1MiB`, `2GiB`.
Result<std::size_t> parse_bytes(std::string_view text);

/// A span of time: `25` or `25s`, `500ms`, `2m`.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace coroom::server
