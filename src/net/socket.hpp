#pragma once

#include "net/tls_session.hpp"

#include <coroom/task.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace coroom::detail::net {

/// A connection's TCP socket, non-blocking, with TLS around it or without. A write queue that takes it over
/// sends through it by itself; until then, what is to be read and written goes through these calls, one of
/// each at a time. All come on the connection's shard.
class Socket {
 public:
  using executor_type = boost::asio::ip::tcp::socket::executor_type;

  explicit Socket(boost::asio::ip::tcp::socket tcp, std::unique_ptr<TlsSession> tls = nullptr)
      : tcp_(std::move(tcp)), tls_(std::move(tls)) {}

  executor_type get_executor() { return tcp_.get_executor(); }
  boost::asio::ip::tcp::socket& tcp() { return tcp_; }
  TlsSession* tls() { return tls_.get(); }

  /// The TLS handshake; at once if there is no TLS. `connection` names it in the trail of the thread's work.
  task<boost::system::error_code> handshake(std::uint64_t connection);

  /// What has come, without waiting; 0 with an error if nothing has.
  std::size_t read_some(std::span<char> data, boost::system::error_code& ec);

  /// Whether to read again before waiting: what has come is more than the last read took, and the socket
  /// does not know of it.
  [[nodiscard]] bool has_pending() const { return tls_ && tls_->has_pending(); }

  /// Whether the peer has closed its side, and all that it sent has been read. After async_wait().
  [[nodiscard]] bool at_end();

  /// Says that nothing more will come, where TLS has a way to, and closes that side.
  void shutdown_send();

  void close();

  // What Asio, Beast and a write queue ask of a stream.

  int native_handle() { return tcp_.native_handle(); }

  void shutdown(boost::asio::ip::tcp::socket::shutdown_type what, boost::system::error_code& ec) {
    tcp_.shutdown(what, ec);
  }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    const boost::asio::mutable_buffer first = first_of<boost::asio::mutable_buffer>(buffers);
    return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
        ReadSome{*this, {static_cast<char*>(first.data()), first.size()}}, token, tcp_);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    const boost::asio::const_buffer first = first_of<boost::asio::const_buffer>(buffers);
    return boost::asio::async_compose<Token, void(boost::system::error_code, std::size_t)>(
        WriteSome{*this, {static_cast<const char*>(first.data()), first.size()}}, token, tcp_);
  }

  template <class Token>
  auto async_wait(boost::asio::ip::tcp::socket::wait_type what, Token&& token) {
    return tcp_.async_wait(what, std::forward<Token>(token));
  }

 private:
  using ErrorCode = boost::system::error_code;

  /// Tries, and waits as often as it has to. An operation never ends within the call that began it.
  template <class Step>
  struct Operation {
    template <class Self>
    void operator()(Self& self, ErrorCode ec = {}) {
      auto& step = static_cast<Step&>(*this);
      if (std::exchange(done_, false)) return self.complete(ec_, size_);
      if (!ec) size_ = step.attempt(ec);
      if (ec == boost::asio::error::would_block) {
        waited_ = true;
        return step.socket.tcp_.async_wait(Step::what, std::move(self));
      }
      if (waited_) return self.complete(ec, size_);
      done_ = true;
      ec_ = ec;
      boost::asio::post(step.socket.get_executor(), std::move(self));
    }

   private:
    ErrorCode ec_;
    std::size_t size_ = 0;
    bool waited_ = false;
    bool done_ = false;
  };

  struct ReadSome : Operation<ReadSome> {
    static constexpr auto what = boost::asio::ip::tcp::socket::wait_read;

    ReadSome(Socket& from, std::span<char> into) : socket(from), data(into) {}

    std::size_t attempt(ErrorCode& ec) { return socket.read_some(data, ec); }

    Socket& socket;
    std::span<char> data;
  };

  struct WriteSome : Operation<WriteSome> {
    static constexpr auto what = boost::asio::ip::tcp::socket::wait_write;

    WriteSome(Socket& to, std::span<const char> from) : socket(to), data(from) {}

    std::size_t attempt(ErrorCode& ec) {
      if (!socket.tls_) return socket.tcp_.send(boost::asio::buffer(data.data(), data.size()), 0, ec);
      if (!std::exchange(encrypted, true) && !socket.tls_->write(data)) {
        ec = boost::asio::error::broken_pipe;
        return 0;
      }
      ec = socket.send_output();
      return ec ? 0 : data.size();
    }

    Socket& socket;
    std::span<const char> data;
    bool encrypted = false;
  };

  template <class Buffer, class Buffers>
  static Buffer first_of(const Buffers& buffers) {
    const auto end = boost::asio::buffer_sequence_end(buffers);
    for (auto at = boost::asio::buffer_sequence_begin(buffers); at != end; ++at) {
      const Buffer buffer(*at);
      if (buffer.size() != 0) return buffer;
    }
    return {};
  }

  /// As much of the TLS's output as the socket takes; `would_block` if some is left.
  ErrorCode send_output();

  boost::asio::ip::tcp::socket tcp_;
  std::unique_ptr<TlsSession> tls_;
};

/// The TLS of what a write queue sends through; others than a Socket have none.
template <class Next>
TlsSession* tls_of(Next& /*next*/) {
  return nullptr;
}
inline TlsSession* tls_of(Socket& socket) {
  return socket.tls();
}

}  // namespace coroom::detail::net
