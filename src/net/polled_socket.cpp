#include "net/polled_socket.hpp"

#include <boost/asio/error.hpp>

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <tuple>
#include <unistd.h>
#include <utility>

namespace coroom::detail::net {

using boost::system::error_code;
namespace asio = boost::asio;

namespace {

error_code last_error() {
  return {errno == EWOULDBLOCK ? EAGAIN : errno, boost::system::system_category()};
}

}  // namespace

DetachedSocket::~DetachedSocket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

PolledSocket::PolledSocket(DetachedSocket socket, Shard& shard, Pollable& owner)
    : shard_(shard), owner_(owner) {
  shard_.watch(socket.descriptor_, owner_);
  descriptor_ = std::exchange(socket.descriptor_, -1);
  tls_ = std::move(socket.tls_);
}

PolledSocket::~PolledSocket() {
  close();
  shard_.end_watch();
}

std::size_t PolledSocket::read_some(std::span<char> data, error_code& ec) {
  // OpenSSL knows only the number of the descriptor, which may belong to another connection after the close.
  if (!is_open()) {
    ec = asio::error::bad_descriptor;
    return 0;
  }
  if (tls_) return tls_->read(data, ec);
  ssize_t size = -1;
  do {
    size = ::recv(descriptor_, data.data(), data.size(), 0);
  } while (size < 0 && errno == EINTR);
  if (size > 0) return static_cast<std::size_t>(size);
  ec = size == 0 ? error_code(asio::error::eof) : last_error();
  return 0;
}

void PolledSocket::shutdown_send() {
  if (!is_open()) return;
  if (tls_) {
    tls_->write_end();
    const auto output = tls_->output();
    std::ignore = ::send(descriptor_, output.data(), output.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  }
  ::shutdown(descriptor_, SHUT_WR);
}

void PolledSocket::shutdown() {
  if (is_open()) ::shutdown(descriptor_, SHUT_RDWR);
}

void PolledSocket::close() {
  if (!is_open()) return;
  shard_.poller().remove(descriptor_, owner_);
  ::close(std::exchange(descriptor_, -1));
}

void PolledSocket::set_nodelay(bool on) {
  const int value = on ? 1 : 0;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &value, sizeof value);  // the next read reports errors
}

std::chrono::milliseconds PolledSocket::silence() const {
  int unread = 0;
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::ioctl(descriptor_, FIONREAD, &unread) != 0 ||
      ::getsockopt(descriptor_, IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
    return std::chrono::milliseconds::max();
  // With unread bytes, the receive buffer may be too full for a reply. Then only the acknowledgements of the
  // peer show that it is alive.
  return std::chrono::milliseconds(unread != 0 ? info.tcpi_last_ack_recv : info.tcpi_last_data_recv);
}

}  // namespace coroom::detail::net
