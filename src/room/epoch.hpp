#pragma once

#include <string>

namespace coroom::detail::room {

/// A name for one life of a room's history that no other has had.
std::string new_epoch();

}  // namespace coroom::detail::room
