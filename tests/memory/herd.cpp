#include "memory/herd.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <chrono>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace coroom::test {

Herd::Herd(std::uint16_t port, std::size_t count) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockets_.reserve(count);
  while (sockets_.size() != count) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) throw std::runtime_error("no socket");
    sockets_.push_back(socket);
    if (connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      throw std::runtime_error("no connection");
  }
}

Herd::~Herd() {
  for (const int socket : sockets_) close(socket);
}

void Herd::send(std::string_view bytes) {
  constexpr int timeout = 10'000;  // milliseconds
  for (const int socket : sockets_) {
    std::string_view left = bytes;
    while (!left.empty()) {
      const ssize_t size = ::send(socket, left.data(), left.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (size >= 0) {
        left.remove_prefix(static_cast<std::size_t>(size));
      } else if (errno == EAGAIN) {
        pollfd ready{socket, POLLOUT, 0};
        if (poll(&ready, 1, timeout) == 0) throw std::runtime_error("the server accepts nothing");
      } else {
        break;
      }
    }
  }
}

void Herd::read() {
  std::array<char, 16 * 1024> buffer;
  for (const int socket : sockets_) {
    while (recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT) > 0) continue;
  }
}

}  // namespace coroom::test
