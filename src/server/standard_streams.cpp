#include "server/standard_streams.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace coroom::server {

void open_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) != -1 || errno != EBADF) continue;
    // The lowest free number is this one (POSIX.1-2017, open()), and no other thread is there to take it.
    if (::open("/dev/null", O_RDWR) != stream) std::abort();  // NOLINT(cppcoreguidelines-pro-type-vararg)
  }
}

}  // namespace coroom::server
