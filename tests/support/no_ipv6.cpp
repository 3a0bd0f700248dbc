/// Preloaded into a server, this hides the machine's IPv6.
#include <cerrno>
#include <dlfcn.h>
#include <sys/socket.h>

extern "C" int socket(int family, int type, int protocol) noexcept {
  if (family == AF_INET6) {
    errno = EAFNOSUPPORT;
    return -1;
  }
  static const auto next = reinterpret_cast<int (*)(int, int, int)>(dlsym(RTLD_NEXT, "socket"));
  return next(family, type, protocol);
}
