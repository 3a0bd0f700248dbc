#pragma once

#include "server/namespaces.hpp"

#include <coroom/error.hpp>

#include <tl/expected.hpp>

#include <string_view>

namespace coroom::server {

/// Checks the name of a room: 1 to 255 bytes that shown_name() leaves unchanged. The name is never corrected,
/// because a client would not recognize its room under another name. The error is a sentence that explains
/// the fault.
Result<> check_room_name(std::string_view name);

/// Checks a room's name by check_room_name() and by its namespace.
tl::expected<void, RoomFault> check_room(const Namespaces& namespaces, std::string_view name);

}  // namespace coroom::server
