#include "server/standard_streams.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <initializer_list>
#include <unistd.h>

namespace coroom::server {

void open_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) != -1 || errno != EBADF) continue;
    // open() returns the lowest free number, which is this one (POSIX.1-2017); no other thread runs yet.
    if (::open("/dev/null", O_RDWR) != stream) std::abort();  // NOLINT(cppcoreguidelines-pro-type-vararg)
  }
}

}  // namespace coroom::server
