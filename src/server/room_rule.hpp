#pragma once

#include <coroom/error.hpp>

#include <string_view>

namespace coroom::server {

/// Whether a room may be called this: 1 to 255 bytes that are written as shown_name() would write them. A
/// client would not know a room by another name than it has asked for, so nothing is put right here; the
/// error says in a sentence what is wrong.
Result<> check_room_name(std::string_view name);

}  // namespace coroom::server
