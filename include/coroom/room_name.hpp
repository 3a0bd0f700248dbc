#pragma once

#include <cstddef>
#include <string_view>

namespace coroom {

/// Maximum size of the name of a room in bytes, as in the Centrifuge protocol.
inline constexpr std::size_t longest_room_name = 255;

/// Returns whether every endpoint allows this name of a room: 1 to 255 bytes of UTF-8 without control
/// characters.
[[nodiscard]] bool is_room_name(std::string_view name);

}  // namespace coroom
