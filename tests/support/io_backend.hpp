#pragma once

#include <coroom/settings.hpp>

#include <cstdlib>
#include <string_view>

namespace coroom::test {

/// Returns the backend of all servers in this run, from COROOM_IO_BACKEND. Started programs read the same
/// variable.
inline IoBackend io_backend() {
  const char* name = std::getenv("COROOM_IO_BACKEND");
  return name != nullptr && std::string_view(name) == "epoll" ? IoBackend::epoll : IoBackend::automatic;
}

}  // namespace coroom::test
