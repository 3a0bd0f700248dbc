#include "websocket/beast_stream.hpp"

#include "net/write_queue.hpp"
#include "websocket/frame.hpp"

#include <coroom/version.hpp>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <utility>

namespace coroom::websocket {
namespace {

namespace beast = boost::beast;
namespace asio = boost::asio;
using asio::ip::tcp;
using Queue = net::WriteQueue<tcp::socket>;

constexpr std::chrono::seconds linger_time{2};
constexpr std::size_t kept_read_capacity =
    16 * 1024;  // bytes of read buffer that a connection may hold on to

/// What a peer did that Beast answers with a close code of its own.
std::uint16_t code_of_violation(const beast::error_code& ec) {
  if (ec == beast::websocket::error::message_too_big) return close_code::too_big;
  if (ec == beast::websocket::error::bad_frame_payload) return close_code::bad_payload;
  return close_code::protocol_error;
}

class BeastStream final : public Stream {
 public:
  BeastStream(net::Shard& shard, tcp::socket socket, const Settings& settings)
      : settings_(settings),
        ws_(shard, std::move(socket), settings.queue, is_close_frame),
        closers_(ws_.get_executor()) {
    using Base = beast::websocket::stream_base;
    auto timeout = Base::timeout{settings.handshake_timeout, Base::none(), false};
    if (settings.ping_interval.count() != 0) {
      // Beast pings after half of the idle time and gives up after the whole of it.
      timeout.idle_timeout = 2 * settings.ping_interval;
      timeout.keep_alive_pings = true;
    }
    ws_.set_option(timeout);
    ws_.set_option(Base::decorator([](beast::websocket::response_type& response) {
      response.set(beast::http::field::server, "coroom/" COROOM_VERSION);
    }));
    ws_.read_message_max(settings.max_message_size);
    ws_.control_callback([this](beast::websocket::frame_type kind, beast::string_view) {
      if (kind == beast::websocket::frame_type::close) peer_closed_ = true;
    });
  }

  task<Result<>> accept(Handshake handshake) override {
    beast::http::request<beast::http::empty_body> request(beast::http::verb::get, handshake.target, 11);
    for (const auto& [name, value] : handshake.headers) request.insert(name, value);
    auto [ec] = co_await ws_.async_accept(request, as_result);
    if (ec) co_return failure(ec.message());
    co_return Result<>();
  }

  task<tl::expected<Message, End>> read() override {
    buffer_.clear();
    if (buffer_.capacity() > kept_read_capacity) buffer_.shrink_to_fit();
    auto [ec, size] = co_await ws_.async_read(buffer_, as_result);
    if (ec) co_return tl::unexpected<End>(end_of(ec));
    const auto kind = ws_.got_text() ? Message::Kind::text : Message::Kind::binary;
    const auto bytes = buffer_.cdata();
    co_return Message(kind, std::string(static_cast<const char*>(bytes.data()), bytes.size()));
  }

  net::Push push(SharedBytes frames) override { return queue().push(std::move(frames)); }

  void close(Disconnect disconnect) override {
    if (std::exchange(closing_, true)) return;
    queue().refuse_data();
    sent_ = disconnect;
    closers_.spawn(send_close(std::move(disconnect)));
  }

  void drop_data() override { queue().drop_data(); }

  task<> finish() override {
    using asio::experimental::awaitable_operators::operator||;
    asio::steady_timer deadline(ws_.get_executor(), settings_.handshake_timeout);
    co_await (queue().drained() || deadline.async_wait(asio::use_awaitable));
    if (!peer_closed_) {
      deadline.expires_after(linger_time);
      co_await (linger() || deadline.async_wait(asio::use_awaitable));
    }
    abort();
    co_await queue().settled();
    co_await closers_.wait();
  }

  void abort() override {
    beast::error_code ignored;
    socket().close(ignored);
  }

 private:
  Queue& queue() { return ws_.next_layer(); }
  tcp::socket& socket() { return queue().next_layer(); }

  task<> send_close(Disconnect disconnect) {
    const beast::websocket::close_reason reason(static_cast<beast::websocket::close_code>(disconnect.code),
                                                disconnect.reason);
    auto [ec] = co_await ws_.async_close(reason, as_result);
    if (!ec) peer_closed_ = true;  // if it fails, the peer went first; the reader tells how it ended
  }

  /// After a whole closing handshake the server closes first (RFC 6455 section 7.1.1). Without one the peer
  /// may still be sending, and to close on unread bytes would reset the connection and could take our close
  /// frame with it: so FIN, and wait for the peer's.
  task<> linger() {
    beast::error_code ec;
    socket().shutdown(tcp::socket::shutdown_send, ec);
    while (!ec) {
      buffer_.clear();
      auto [read_ec, size] =
          co_await socket().async_read_some(buffer_.prepare(kept_read_capacity), as_result);
      ec = read_ec;
    }
  }

  End end_of(const beast::error_code& ec) {
    if (closing_) return End(End::Kind::closed, sent_, "closed by the server");
    if (ec == beast::websocket::error::closed) {
      const auto& reason = ws_.reason();
      const auto code =
          reason.code == beast::websocket::close_code::none ? close_code::no_status : reason.code;
      return End(End::Kind::closed,
                 Disconnect(code, std::string_view(reason.reason.data(), reason.reason.size())),
                 "closed by the client");
    }
    if (ec == beast::error::timeout) {
      return End(End::Kind::lost, Disconnect(close_code::abnormal), "no answer to a ping");
    }
    if (ec == beast::websocket::condition::protocol_violation ||
        ec == beast::websocket::error::message_too_big) {
      return End(End::Kind::violated, Disconnect(code_of_violation(ec), ec.message()), ec.message());
    }
    return End(End::Kind::lost, Disconnect(close_code::abnormal), ec.message());
  }

  const Settings& settings_;
  beast::websocket::stream<Queue, false> ws_;
  beast::flat_buffer buffer_;
  TaskGroup closers_;
  Disconnect sent_;
  bool closing_ = false;
  bool peer_closed_ = false;
};

}  // namespace

std::unique_ptr<Stream> make_beast_stream(net::Shard& shard, tcp::socket socket, const Settings& settings) {
  return std::make_unique<BeastStream>(shard, std::move(socket), settings);
}

}  // namespace coroom::websocket
