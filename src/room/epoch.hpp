#pragma once

#include <string>

namespace coroom::detail::room {

/// Returns a new, unique name for an epoch of a room's history.
std::string new_epoch();

}  // namespace coroom::detail::room
