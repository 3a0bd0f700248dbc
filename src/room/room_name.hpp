#pragma once

#include "core/utf8.hpp"

#include <cstddef>
#include <string_view>

namespace coroom::detail::room {

inline constexpr std::size_t longest_room_name = 255;  // bytes, as in the Centrifuge protocol

/// Returns whether every endpoint allows this room name: 1 to 255 bytes of UTF-8 without control characters.
inline bool is_room_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_room_name && is_printable_utf8(name);
}

}  // namespace coroom::detail::room
