#pragma once

#include "net/polled_socket.hpp"
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

/// The non-blocking TCP socket of an HTTP connection, with or without TLS, read and written by Asio, one of
/// each at a time. A session gets it by detach(). All calls come on the connection's shard.
class Socket {
 public:
  using executor_type = boost::asio::ip::tcp::socket::executor_type;

  explicit Socket(boost::asio::ip::tcp::socket tcp, std::unique_ptr<TlsSession> tls = nullptr)
      : tcp_(std::move(tcp)), tls_(std::move(tls)) {}

  executor_type get_executor() { return tcp_.get_executor(); }
  boost::asio::ip::tcp::socket& tcp() { return tcp_; }
  TlsSession* tls() { return tls_.get(); }

  /// Takes the socket out of Asio. This object must not be used any more.
  DetachedSocket detach() { return DetachedSocket(tcp_.release(), std::move(tls_)); }

  /// Performs the TLS handshake; ends at once without TLS. `connection` identifies the connection in the work
  /// trail of the thread.
  task<boost::system::error_code> handshake(std::uint64_t connection);

  /// Reads the received bytes without waiting. Returns 0 with an error if there are none.
  std::size_t read_some(std::span<char> data, boost::system::error_code& ec);

  /// Returns whether to read again before waiting: TLS holds received bytes beyond the last read that the
  /// socket does not report.
  [[nodiscard]] bool has_pending() const { return tls_ && tls_->has_pending(); }

  /// Looks for received bytes, and takes none. Returns success if there are some, `would_block` if not, and
  /// `eof` if the peer has closed its side and all received bytes were read. A wait for reading may end
  /// without any of them: the bytes that ended it may have been read before.
  [[nodiscard]] boost::system::error_code look_for_input();

  /// Sends the TLS close_notify, if there is TLS, and shuts down the sending side.
  void shutdown_send();

  void close();

  // The interface that Asio and Beast require of a stream.

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

  /// Tries a step, and waits for the socket as often as needed. An operation never completes inside the call
  /// that began it.
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

  /// Sends as much of the TLS output as the socket accepts. Returns `would_block` if some is left.
  ErrorCode send_output();

  boost::asio::ip::tcp::socket tcp_;
  std::unique_ptr<TlsSession> tls_;
};

}  // namespace coroom::detail::net
