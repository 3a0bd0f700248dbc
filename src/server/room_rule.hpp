#pragma once

#include <coroom/error.hpp>

#include <string_view>

namespace coroom::server {

/// Checks the name of a room: 1 to 255 bytes that shown_name() leaves unchanged. The name is never corrected,
/// because a client would not recognize its room under another name. The error is a sentence that explains
/// the fault.
Result<> check_room_name(std::string_view name);

}  // namespace coroom::server
