#pragma once

#include <coroom/client_info.hpp>

#include <cstddef>
#include <vector>

namespace coroom {

/// The members of a room at one time.
struct Presence {
  std::vector<SharedClientInfo> members = {};  ///< one for each connection, in no particular order
  std::size_t users = 0;  ///< the number of users; all anonymous connections together are one
};

}  // namespace coroom
