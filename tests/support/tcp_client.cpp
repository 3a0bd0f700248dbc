#include "support/tcp_client.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace coroom::test {
namespace {

constexpr int patience = 10;  // seconds

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

int connect_to(std::uint16_t port, const TcpClient::Settings& settings) {
  const bool v6 = settings.address.find(':') != std::string::npos;
  const int socket = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) fail("socket");
  if (settings.receive_buffer != 0) {
    setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &settings.receive_buffer, sizeof settings.receive_buffer);
  }
  const int at_once = 1;  // what is sent in pieces leaves in pieces
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  const timeval limit{patience, 0};
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  sockaddr_storage storage{};
  socklen_t size = 0;
  if (v6) {
    auto* address = reinterpret_cast<sockaddr_in6*>(&storage);
    address->sin6_family = AF_INET6;
    address->sin6_port = htons(port);
    inet_pton(AF_INET6, settings.address.c_str(), &address->sin6_addr);
    size = sizeof *address;
  } else {
    auto* address = reinterpret_cast<sockaddr_in*>(&storage);
    address->sin_family = AF_INET;
    address->sin_port = htons(port);
    inet_pton(AF_INET, settings.address.c_str(), &address->sin_addr);
    size = sizeof *address;
  }
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&storage), size) != 0) fail("connect");
  return socket;
}

}  // namespace

TcpClient::TcpClient(std::uint16_t port, const Settings& settings) : socket_(connect_to(port, settings)) {}

TcpClient::TcpClient(TcpClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}

TcpClient::~TcpClient() {
  close();
}

void TcpClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) fail("send");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string TcpClient::read_until(std::string_view end) {
  while (received_.find(end) == std::string::npos) {
    if (!receive_more()) throw std::runtime_error("the peer closed too early; it sent: " + received_);
  }
  return read_exactly(received_.find(end) + end.size());
}

std::string TcpClient::read_exactly(std::size_t size) {
  while (received_.size() < size) {
    if (!receive_more()) throw std::runtime_error("the peer closed too early; it sent: " + received_);
  }
  std::string bytes = received_.substr(0, size);
  received_.erase(0, size);
  return bytes;
}

std::string TcpClient::read_to_end() {
  while (receive_more()) {
  }
  return std::exchange(received_, {});
}

bool TcpClient::at_end() {
  return received_.empty() && !receive_more();
}

void TcpClient::reset() {
  const linger at_once{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void TcpClient::close() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

bool TcpClient::receive_more() {
  std::array<char, 65536> chunk;
  const ssize_t size = ::recv(socket_, chunk.data(), chunk.size(), 0);
  if (size < 0 && errno != ECONNRESET) fail("recv");
  if (size <= 0) return false;
  received_.append(chunk.data(), static_cast<std::size_t>(size));
  return true;
}

}  // namespace coroom::test
