#include <coroom/testing.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

namespace coroom::testing {

namespace asio = boost::asio;
namespace beast = boost::beast;

/// Beast's client, because it reports pongs, driven by the calls of the test.
class WebSocket::Impl {
  /// Returns the completion handler of an operation.
  auto done() {
    ended_.reset();
    return [this](beast::error_code ec, auto&&...) { ended_ = ec; };
  }

 public:
  Impl(std::uint16_t port, const std::string& target, const Headers& headers) : stream_(context_) {
    // Only the limits of the calls apply.
    stream_.set_option(beast::websocket::stream_base::timeout{beast::websocket::stream_base::none(),
                                                              beast::websocket::stream_base::none(), false});
    stream_.read_message_max(std::size_t{64} << 20);
    stream_.set_option(
        beast::websocket::stream_base::decorator([&headers](beast::websocket::request_type& upgrade) {
          for (const auto& [name, value] : headers) upgrade.insert(name, value);
        }));
    stream_.control_callback([this](beast::websocket::frame_type kind, std::string_view /*payload*/) {
      if (kind == beast::websocket::frame_type::pong) ++pongs_;
    });
    beast::get_lowest_layer(stream_).expires_never();
    const asio::ip::tcp::endpoint server(asio::ip::address_v4::loopback(), port);
    beast::get_lowest_layer(stream_).async_connect(server, done());
    wait("no connection to the server", patience);
    beast::websocket::response_type answer;
    const std::string host = "localhost:" + std::to_string(port);
    stream_.async_handshake(answer, host, target, done());
    const auto ec = wait_for_code(patience);
    if (ec == beast::websocket::error::upgrade_declined)
      throw Failure(target + " was rejected with " + std::to_string(answer.result_int()));
    check(ec, "no upgrade of " + target);
  }

  void write(bool is_text, std::string_view data) {
    stream_.text(is_text);
    stream_.async_write(asio::buffer(data.data(), data.size()), done());
    wait("the message was not sent", patience);
  }

  /// Returns the next message; nullopt at the end of the connection.
  std::optional<Message> read(std::chrono::milliseconds limit) {
    begin_read();
    run_until(limit, [this] { return !reading_; });
    if (reading_) throw Failure("no message arrived within " + std::to_string(limit.count()) + " ms");
    return take();
  }

  /// Waits for the pong. Returns false if a message or the end of the connection comes first.
  bool ping(std::chrono::milliseconds limit) {
    const std::size_t before = pongs_;
    stream_.async_ping({}, done());
    wait("the ping was not sent", limit);
    begin_read();
    run_until(limit, [&] { return !reading_ || pongs_ != before; });
    if (reading_ && pongs_ == before) throw Failure("the server did not answer a ping");
    return pongs_ != before;
  }

  void close(std::uint16_t code, std::string_view reason, std::chrono::milliseconds limit) {
    beast::websocket::close_reason why(code);
    why.reason.assign(reason.data(), std::min<std::size_t>(reason.size(), why.reason.max_size()));
    stream_.async_close(why, done());
    std::ignore = wait_for_code(limit);
    drain(limit);
  }

  void drain(std::chrono::milliseconds limit) {
    while (read(limit)) {
    }
  }

  [[nodiscard]] beast::websocket::close_reason reason() const { return stream_.reason(); }
  [[nodiscard]] bool has_message() const { return !reading_ && buffer_.size() != 0; }

  std::optional<Message> take() {
    if (failed_) return std::nullopt;
    Message message(stream_.got_text() ? Message::Kind::text : Message::Kind::binary,
                    beast::buffers_to_string(buffer_.data()));
    buffer_.clear();
    read_ = false;
    return message;
  }

 private:
  /// Starts a read unless one is in progress, which may span several calls, or the connection has ended.
  void begin_read() {
    if (reading_ || failed_ || read_) return;
    reading_ = true;
    stream_.async_read(buffer_, [this](beast::error_code ec, std::size_t) {
      reading_ = false;
      read_ = !ec;
      failed_ = static_cast<bool>(ec);
    });
  }

  template <class Condition>
  void run_until(std::chrono::milliseconds limit, Condition condition) {
    const auto end = std::chrono::steady_clock::now() + limit;
    context_.restart();
    while (!condition() && context_.run_one_until(end) != 0) {
    }
  }

  beast::error_code wait_for_code(std::chrono::milliseconds limit) {
    run_until(limit, [this] { return ended_.has_value(); });
    return ended_.value_or(asio::error::timed_out);
  }

  void wait(const std::string& otherwise, std::chrono::milliseconds limit) {
    check(wait_for_code(limit), otherwise);
  }

  static void check(const beast::error_code& ec, const std::string& otherwise) {
    if (ec) throw Failure(otherwise + ": " + ec.message());
  }

  asio::io_context context_{1};
  beast::websocket::stream<beast::tcp_stream> stream_;
  beast::flat_buffer buffer_;
  std::optional<beast::error_code> ended_;  // of the operation that a call waits for
  std::size_t pongs_ = 0;
  bool reading_ = false;
  bool read_ = false;    // buffer_ holds a message that was not taken yet
  bool failed_ = false;  // the connection has ended
};

WebSocket::WebSocket(std::uint16_t port, const std::string& target, const Headers& headers)
    : impl_(std::make_unique<Impl>(port, target, headers)) {
  std::ignore = impl_->ping(patience);  // the server reads nothing before open() has ended
}

WebSocket::WebSocket(WebSocket&& other) noexcept = default;
WebSocket& WebSocket::operator=(WebSocket&& other) noexcept = default;
WebSocket::~WebSocket() = default;

void WebSocket::send(std::string_view text) {
  impl_->write(true, text);
}

void WebSocket::send(const Message& message) {
  impl_->write(message.kind != Message::Kind::binary, message.data);
}

void WebSocket::send(const boost::json::value& value) {
  impl_->write(true, boost::json::serialize(value));
}

Message WebSocket::receive(std::chrono::milliseconds limit) {
  std::optional<Message> message = impl_->read(limit);
  if (message) return std::move(*message);
  throw Failure("the server closed the connection with " + std::to_string(impl_->reason().code) + ' ' +
                close_reason());
}

void WebSocket::expect(std::string_view text, std::chrono::milliseconds limit) {
  const Message message = receive(limit);
  if (message.data != text || message.kind != Message::Kind::text)
    throw Failure("expected '" + std::string(text) + "', received '" + message.data + "'");
}

void WebSocket::expect_silence(std::chrono::milliseconds limit) {
  if (impl_->ping(limit)) return;
  throw Failure("expected no message, received '" + receive(limit).data + "'");
}

void WebSocket::close(std::uint16_t code, std::string_view reason, std::chrono::milliseconds limit) {
  impl_->close(code, reason, limit);
}

std::uint16_t WebSocket::close_code(std::chrono::milliseconds limit) {
  impl_->drain(limit);
  const std::uint16_t code = impl_->reason().code;
  return code == 0 ? std::uint16_t{1006} : code;
}

std::string WebSocket::close_reason() const {
  const auto why = impl_->reason().reason;
  return {why.data(), why.size()};
}

}  // namespace coroom::testing
