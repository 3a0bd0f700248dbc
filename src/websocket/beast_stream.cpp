#include "websocket/beast_stream.hpp"

#include "core/deadline.hpp"
#include "net/silence.hpp"
#include "net/write_queue.hpp"
#include "websocket/frame.hpp"

#include <coroom/version.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <boost/beast/zlib/error.hpp>

#include <charconv>
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

bool is_inflate_error(const beast::error_code& ec) {
  return ec && ec.category() == make_error_code(beast::zlib::error::general).category();
}

class BeastStream final : public Stream {
 public:
  BeastStream(net::Shard& shard, tcp::socket socket, const Settings& settings)
      : settings_(settings),
        ws_(shard, std::move(socket), settings.queue, is_close_frame),
        keepalive_(ws_.get_executor(), [this] { keep_alive(); }),
        closers_(ws_.get_executor()) {
    using Base = beast::websocket::stream_base;
    // Beast's own idle timeout only runs well while somebody reads; a handler may take its time.
    ws_.set_option(Base::timeout{settings.handshake_timeout, Base::none(), false});
    ws_.read_message_max(settings.max_message_size);
    if (settings.compression) offer_compression();
    ws_.control_callback([this](beast::websocket::frame_type kind, beast::string_view payload) {
      take_control(kind, std::string_view(payload.data(), payload.size()));
    });
  }

  void on_control(OnControl call) override { on_control_ = std::move(call); }

  task<Result<>> accept(Handshake handshake) override {
    using Base = beast::websocket::stream_base;
    const auto decorate = [this,
                           answer = std::move(handshake.answer)](beast::websocket::response_type& response) {
      note_compression(response);
      response.set(beast::http::field::server, "coroom/" COROOM_VERSION);
      for (const auto& [name, value] : answer) response.insert(name, value);
    };
    ws_.set_option(Base::decorator(decorate));
    beast::http::request<beast::http::empty_body> request(beast::http::verb::get, handshake.target, 11);
    for (const auto& [name, value] : handshake.headers) request.insert(name, value);
    auto [ec] = co_await ws_.async_accept(request, as_result);
    ws_.set_option(Base::decorator([](beast::websocket::response_type&) {}));  // frees what it held
    if (ec) co_return failure(ec.message());
    wait_for_ping();
    co_return Result<>();
  }

  [[nodiscard]] const std::optional<Deflate>& deflate() const override { return deflate_; }

  task<tl::expected<Message, End>> read() override {
    buffer_.clear();
    if (buffer_.capacity() > kept_read_capacity) buffer_.shrink_to_fit();
    auto [ec, size] = co_await ws_.async_read(buffer_, as_result);
    heard_ = true;
    if (is_inflate_error(ec)) refuse(Disconnect(close_code::bad_payload, "not valid permessage-deflate"));
    if (ec) co_return tl::unexpected<End>(end_of(ec));
    const auto kind = ws_.got_text() ? Message::Kind::text : Message::Kind::binary;
    const auto bytes = buffer_.cdata();
    co_return Message(kind, std::string(static_cast<const char*>(bytes.data()), bytes.size()));
  }

  net::Push push(SharedBytes frames) override { return queue().push(std::move(frames)); }

  [[nodiscard]] bool has_room_for(std::size_t size) const override {
    return ws_.next_layer().has_room_for(size);
  }
  task<> room_for(std::size_t size) override { return queue().room_for(size); }

  net::Push ping(std::string_view payload) override {
    std::string frame;
    append_frame(frame, Opcode::ping, payload);
    return queue().push_control(share(std::move(frame)));
  }

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
    stop_watching();
    while (watching_) co_await unwatched_.wait();
    co_await queue().settled();
    co_await closers_.wait();
  }

  void abort() override {
    beast::error_code ignored;
    socket().close(ignored);
  }

  void watch(std::function<void()> lost) override {
    lost_ = std::move(lost);
    if (!watching_) wait_for_loss();
  }

  void stop_watching() override {
    lost_ = nullptr;
    watch_.emit(asio::cancellation_type::total);
  }

  void set_nodelay(bool on) override {
    beast::error_code ignored;  // a socket that is broken says so when it is read
    socket().set_option(tcp::no_delay(on), ignored);
  }

 private:
  Queue& queue() { return ws_.next_layer(); }
  tcp::socket& socket() { return queue().next_layer(); }

  /// Beast inflates what comes; what goes out is deflated before it is queued, once for all who share it.
  void offer_compression() {
    beast::websocket::permessage_deflate offer;
    offer.server_enable = true;
    offer.server_no_context_takeover = true;
    ws_.set_option(offer);
  }

  void note_compression(const beast::websocket::response_type& response) {
    constexpr std::string_view window = "server_max_window_bits=";
    constexpr int widest = 15;
    const auto field = response.find(beast::http::field::sec_websocket_extensions);
    if (field == response.end()) return;
    const std::string_view agreed(field->value().data(), field->value().size());
    int bits = widest;
    if (const auto found = agreed.find(window); found != std::string_view::npos) {
      const std::string_view number = agreed.substr(found + window.size());
      std::from_chars(number.begin(), number.end(), bits);
    }
    deflate_.emplace(*settings_.compression, bits);
  }

  void take_control(beast::websocket::frame_type kind, std::string_view payload) {
    heard_ = true;
    if (kind == beast::websocket::frame_type::close) {
      peer_closed_ = true;
    } else if (on_control_) {
      on_control_(kind == beast::websocket::frame_type::ping ? Control::ping : Control::pong, payload);
    }
  }

  /// Beast itself leaves without a word where data does not inflate.
  void refuse(const Disconnect& disconnect) {
    std::string frame;
    append_close_frame(frame, disconnect);
    queue().push_control(share(std::move(frame)));
    queue().refuse_data();
  }

  void wait_for_loss() {
    watching_ = true;
    const auto ended = [this](const beast::error_code& ec) {
      watching_ = false;
      // Stopped, and asked to watch again before this could come.
      if (lost_ && ec == asio::error::operation_aborted && socket().is_open()) return wait_for_loss();
      unwatched_.notify();
      if (lost_) std::exchange(lost_, nullptr)();
    };
    socket().async_wait(tcp::socket::wait_error, asio::bind_cancellation_slot(watch_.slot(), ended));
  }

  void wait_for_ping() {
    pinged_ = false;
    if (settings_.ping_interval.count() != 0) keepalive_.expires_after(settings_.ping_interval);
  }

  /// The interval is over, or, after a ping, the time for a sign of life. Not only a frame is one: the pong
  /// may wait behind a long message, or unread while a handler takes its time.
  void keep_alive() {
    if (!socket().is_open()) return;
    if (!pinged_) {
      pinged_ = true;
      heard_ = false;
      ping({});
      keepalive_.expires_after(settings_.ping_timeout);
    } else if (heard_ || net::silence_of(socket()) < settings_.ping_timeout) {
      wait_for_ping();
    } else {
      silent_ = true;
      abort();
    }
  }

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
    if (silent_) {
      return End(End::Kind::lost, Disconnect(close_code::abnormal), "no answer to a ping");
    }
    if (is_inflate_error(ec))
      return End(End::Kind::violated, Disconnect(close_code::bad_payload, ec.message()), ec.message());
    if (ec == beast::websocket::condition::protocol_violation ||
        ec == beast::websocket::error::message_too_big) {
      return End(End::Kind::violated, Disconnect(code_of_violation(ec), ec.message()), ec.message());
    }
    return End(End::Kind::lost, Disconnect(close_code::abnormal), ec.message());
  }

  Settings settings_;
  beast::websocket::stream<Queue, true> ws_;
  beast::flat_buffer buffer_;
  std::optional<Deflate> deflate_;
  OnControl on_control_;
  Deadline keepalive_;
  std::function<void()> lost_;
  asio::cancellation_signal watch_;
  Event unwatched_{ws_.get_executor()};
  TaskGroup closers_;
  Disconnect sent_;
  bool closing_ = false;
  bool peer_closed_ = false;
  bool pinged_ = false;    // and waiting for a sign of life
  bool heard_ = false;     // a frame, since the ping
  bool silent_ = false;    // for longer than it may be
  bool watching_ = false;  // an operation waits for the peer's loss
};

}  // namespace

std::unique_ptr<Stream> make_beast_stream(net::Shard& shard, tcp::socket socket, const Settings& settings) {
  return std::make_unique<BeastStream>(shard, std::move(socket), settings);
}

}  // namespace coroom::websocket
