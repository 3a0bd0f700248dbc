#pragma once

#include <coroom/assets.hpp>

#include <cstddef>
#include <string>

namespace coroom::detail::web {

constexpr std::size_t content_version_size = 32;  // hexadecimal digits: 128 bits, to exclude collisions

/// Returns the version of a file, for the `v` parameter of its URL: the start of the SHA-256 of its bytes.
/// For a file that is read in pieces, it is that of its ETag.
std::string content_version(const Asset& asset);

}  // namespace coroom::detail::web
