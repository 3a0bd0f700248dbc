#include "net/socket.hpp"

#include "core/work_trail.hpp"

namespace coroom::detail::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

task<error_code> Socket::handshake(std::uint64_t connection) {
  while (tls_) {
    if (!tcp_.is_open()) co_return asio::error::bad_descriptor;
    WorkTrail::of_this_thread().add(WorkKind::tls_handshake, connection);
    const error_code ec = tls_->handshake();
    error_code sent = send_output();
    while (sent == asio::error::would_block) {
      auto [wait_ec] = co_await tcp_.async_wait(tcp::socket::wait_write, as_result);
      sent = wait_ec ? wait_ec : send_output();
    }
    if (ec != asio::error::would_block) co_return ec;
    if (sent) co_return sent;
    auto [wait_ec] = co_await tcp_.async_wait(tcp::socket::wait_read, as_result);
    if (wait_ec) co_return wait_ec;
  }
  co_return error_code();
}

std::size_t Socket::read_some(std::span<char> data, error_code& ec) {
  // OpenSSL knows only the number of the descriptor, which may belong to another connection after the close.
  if (!tcp_.is_open()) {
    ec = asio::error::bad_descriptor;
    return 0;
  }
  return tls_ ? tls_->read(data, ec) : tcp_.read_some(asio::buffer(data.data(), data.size()), ec);
}

error_code Socket::look_for_input() {
  if (!tcp_.is_open()) return asio::error::bad_descriptor;
  char byte = 0;
  error_code ec;
  tcp_.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, ec);
  if (tls_ && ec != asio::error::would_block)
    return tls_->at_end() ? error_code(asio::error::eof) : error_code();
  return ec;
}

void Socket::shutdown_send() {
  if (tls_) {
    tls_->write_end();
    send_output();
  }
  error_code ignored;
  tcp_.shutdown(tcp::socket::shutdown_send, ignored);
}

void Socket::close() {
  error_code ignored;
  tcp_.close(ignored);
}

error_code Socket::send_output() {
  error_code ec;
  while (!ec && !tls_->output().empty()) {
    const auto output = tls_->output();
    tls_->consume(tcp_.send(asio::buffer(output.data(), output.size()), 0, ec));
  }
  return ec;
}

}  // namespace coroom::detail::net
