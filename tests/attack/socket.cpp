#include "attack/socket.hpp"

#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace coroom::test {
namespace {

template <class Value>
void set(int socket, int level, int option, const Value& value) {
  setsockopt(socket, level, option, &value, sizeof value);
}

sockaddr_in loopback(std::uint16_t port, std::uint32_t further) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + further);
  return address;
}

/// Returns the result of a call on a socket. EAGAIN counts as 0 bytes.
std::optional<std::size_t> outcome(ssize_t size) {
  if (size >= 0) return static_cast<std::size_t>(size);
  if (errno == EAGAIN || errno == EINTR) return 0;
  return std::nullopt;
}

}  // namespace

AttackSocket::AttackSocket(const AttackTarget& settings)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  if (socket_ < 0) throw std::runtime_error(std::string("socket: ") + std::strerror(errno));
  if (settings.receive_buffer != 0) set(socket_, SOL_SOCKET, SO_RCVBUF, settings.receive_buffer);
  set(socket_, IPPROTO_TCP, TCP_NODELAY, 1);  // so that pieces stay pieces
  set(socket_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
  const sockaddr_in here = loopback(0, settings.from);
  const sockaddr_in there = loopback(settings.port, 0);
  if (::bind(socket_, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0 ||
      (::connect(socket_, reinterpret_cast<const sockaddr*>(&there), sizeof there) != 0 &&
       errno != EINPROGRESS)) {
    const std::string cause = std::strerror(errno);
    close();
    throw std::runtime_error("cannot connect: " + cause);
  }
}

AttackSocket::AttackSocket(AttackSocket&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}

AttackSocket& AttackSocket::operator=(AttackSocket&& other) noexcept {
  std::swap(socket_, other.socket_);
  return *this;
}

AttackSocket::~AttackSocket() {
  close();
}

std::optional<std::size_t> AttackSocket::send(std::string_view bytes) {
  return outcome(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

std::optional<std::size_t> AttackSocket::receive(std::span<char> buffer) {
  const ssize_t size = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (size == 0) return std::nullopt;
  return outcome(size);
}

void AttackSocket::reset() {
  set(socket_, SOL_SOCKET, SO_LINGER, linger{1, 0});
  close();
}

void AttackSocket::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

std::size_t raise_file_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace coroom::test
