#pragma once

#include <coroom/settings.hpp>

#include <cstdlib>
#include <string_view>

namespace coroom::test {

/// How the servers of this run of the tests send: the same variable makes programs that are started do so.
inline IoBackend io_backend() {
  const char* name = std::getenv("COROOM_IO_BACKEND");
  return name != nullptr && std::string_view(name) == "epoll" ? IoBackend::epoll : IoBackend::automatic;
}

}  // namespace coroom::test
