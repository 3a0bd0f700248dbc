#pragma once

#include <coroom/client_info.hpp>

#include <cstddef>
#include <vector>

namespace coroom {

/// Who was in a room when it was asked.
struct Presence {
  std::vector<SharedClientInfo> members;  ///< one for each connection, in no particular order

  std::size_t users = 0;  ///< how many they are; all anonymous connections together are one
};

}  // namespace coroom
