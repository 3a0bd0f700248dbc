#pragma once

#include <coroom/assets.hpp>

#include <cstddef>
#include <string>

namespace coroom::detail::http {

constexpr std::size_t content_version_size =
    32;  // hexadecimal digits: 128 bits, so that no two files share one

/// The version that the address of a file carries, as `v`: the start of the SHA-256 of its bytes, or of its
/// ETag where it is read piece by piece.
std::string content_version(const Asset& asset);

}  // namespace coroom::detail::http
