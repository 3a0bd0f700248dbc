#pragma once

#include "websocket/client_stream.hpp"

#include <coroom/version.hpp>

#include <boost/algorithm/string/join.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace coroom::detail::websocket {

namespace beast = boost::beast;

/// A client's stream built on Beast's WebSocket over `Transport`, whose lowest layer is a TCP socket. Slow to
/// compile, so only one file for each transport includes it.
template <class Transport>
class BeastClientStream : public ClientStream {
 public:
  template <class... Arguments>
  explicit BeastClientStream(const boost::asio::any_io_executor& executor, Arguments&&... arguments)
      : resolver_(executor), ws_(std::forward<Arguments>(arguments)...) {}

  task<Result<>> connect(const ClientTarget& target, const ConnectOptions& options) override {
    auto [resolve_ec, endpoints] = co_await resolver_.async_resolve(target.host, target.port, as_result);
    if (aborted_) co_return failure("the attempt was cancelled");
    if (resolve_ec) co_return failure("cannot resolve the host: " + resolve_ec.message());
    auto [connect_ec, endpoint] = co_await boost::asio::async_connect(socket(), endpoints, as_result);
    if (aborted_) co_return failure("the attempt was cancelled");
    if (connect_ec) co_return failure("cannot connect: " + connect_ec.message());
    beast::error_code ignored;
    socket().set_option(boost::asio::ip::tcp::no_delay(true), ignored);
    Result<> secured = co_await secure(target);
    if (aborted_) co_return failure("the attempt was cancelled");
    if (!secured) co_return secured;
    co_return co_await upgrade(target, options);
  }

  task<tl::expected<Message, connection::End>> read() override {
    buffer_.clear();
    if (buffer_.capacity() > kept_read_capacity) buffer_.shrink_to_fit();
    do {
      const auto room = buffer_.prepare(room_for_more());
      auto [ec, size] = co_await ws_.async_read_some(room, as_result);
      if (ec) co_return tl::unexpected<connection::End>(end_of(ec));
      buffer_.commit(size);
    } while (!ws_.is_message_done());
    const auto kind = ws_.got_text() ? Message::Kind::text : Message::Kind::binary;
    const auto bytes = buffer_.cdata();
    co_return Message(kind, std::string(static_cast<const char*>(bytes.data()), bytes.size()));
  }

  task<bool> write(Message message) override {
    ws_.text(message.kind != Message::Kind::binary);
    auto [ec, size] = co_await ws_.async_write(boost::asio::buffer(message.data), as_result);
    co_return !ec;
  }

  task<bool> ping(std::string payload) override {
    const beast::websocket::ping_data data(payload);
    auto [ec] = co_await ws_.async_ping(data, as_result);
    co_return !ec;
  }

  task<bool> close(Disconnect disconnect) override {
    const beast::websocket::close_reason reason(static_cast<beast::websocket::close_code>(disconnect.code),
                                                disconnect.reason);
    auto [ec] = co_await ws_.async_close(reason, as_result);
    co_return !ec;
  }

  void abort() override {
    aborted_ = true;
    resolver_.cancel();
    beast::error_code ignored;
    socket().close(ignored);
  }

  [[nodiscard]] const std::string& subprotocol() const override { return subprotocol_; }

  void on_pong(std::function<void()> call) override {
    ws_.control_callback([call = std::move(call)](beast::websocket::frame_type kind, beast::string_view) {
      if (kind == beast::websocket::frame_type::pong) call();
    });
  }

 protected:
  Transport& transport() { return ws_.next_layer(); }

 private:
  using Base = beast::websocket::stream_base;

  static constexpr std::size_t most_inflating_room = std::size_t{64} << 20;  // bytes
  static constexpr std::size_t kept_read_capacity = 16 * 1024;  // bytes kept by an idle connection

  /// Runs the steps between the TCP connection and the upgrade.
  virtual task<Result<>> secure(const ClientTarget& target) = 0;

  auto& socket() { return beast::get_lowest_layer(ws_); }

  task<Result<>> upgrade(const ClientTarget& target, const ConnectOptions& options) {
    set_options(options);
    beast::websocket::response_type response;
    auto [ec] = co_await ws_.async_handshake(response, target.authority, target.path, as_result);
    if (ec == beast::websocket::error::upgrade_declined) {
      const auto reason = response.reason();
      co_return failure("the server answered " + std::to_string(response.result_int()) + " " +
                        std::string(reason.data(), reason.size()) + " instead of 101");
    }
    if (ec) co_return failure("the upgrade failed: " + ec.message());
    const auto chosen = response[beast::http::field::sec_websocket_protocol];
    subprotocol_.assign(chosen.data(), chosen.size());
    // RFC 6455 section 4.1: a subprotocol that was not offered fails the connection.
    if (!subprotocol_.empty() && std::ranges::count(options.subprotocols, subprotocol_) == 0) {
      co_return failure("the server chose the subprotocol '" + subprotocol_ + "', which was not offered");
    }
    // From here on, Beast's handshake timeout applies to its closing handshake.
    ws_.set_option(Base::timeout{options.close_timeout, Base::none(), false});
    co_return Result<>();
  }

  /// Returns the size of the next read buffer. Beast (1.81) feeds the end of a message to the inflater twice
  /// if the inflated message exactly fills the buffer. It then cannot read the next message. So the buffer
  /// has room for the longest message and one byte more; pages that are not written take no memory.
  [[nodiscard]] std::size_t room_for_more() const {
    const std::size_t hint = ws_.read_size_hint(buffer_);
    return buffer_.size() < inflating_room_ ? std::max(inflating_room_ - buffer_.size(), hint) : hint;
  }

  void set_options(const ConnectOptions& options) {
    ws_.read_message_max(options.max_message_size);
    if (options.compression) {
      inflating_room_ = std::min(options.max_message_size, most_inflating_room) + 1;
      beast::websocket::permessage_deflate deflate;
      deflate.client_enable = true;
      deflate.compLevel = options.compression->level;
      deflate.memLevel = options.compression->memory_level;
      deflate.msg_size_threshold = options.compression->threshold;
      ws_.set_option(deflate);
    }
    ws_.set_option(
        Base::decorator([headers = options.headers, offer = boost::join(options.subprotocols, ", ")](
                            beast::websocket::request_type& request) {
          request.set(beast::http::field::user_agent, "coroom/" COROOM_VERSION);
          for (const auto& [name, value] : headers) request.erase(name);
          for (const auto& [name, value] : headers) request.insert(name, value);
          if (!offer.empty()) request.set(beast::http::field::sec_websocket_protocol, offer);
        }));
  }

  connection::End end_of(const beast::error_code& ec) {
    const auto& reason = ws_.reason();
    if (reason.code != beast::websocket::close_code::none) {
      return connection::End{connection::End::Kind::closed,
                             Disconnect(reason.code, std::string(reason.reason.data(), reason.reason.size())),
                             "closed"};
    }
    if (ec == beast::websocket::error::closed) {
      return connection::End{connection::End::Kind::closed, Disconnect(close_code::no_status), "closed"};
    }
    if (ec == beast::websocket::error::message_too_big || ec == beast::websocket::error::buffer_overflow) {
      return connection::End{connection::End::Kind::violated, Disconnect(close_code::too_big, ec.message()),
                             ec.message()};
    }
    if (ec == beast::websocket::condition::protocol_violation) {
      const auto code = ec == beast::websocket::error::bad_frame_payload ? close_code::bad_payload
                                                                         : close_code::protocol_error;
      return connection::End{connection::End::Kind::violated, Disconnect(code, ec.message()), ec.message()};
    }
    return connection::End{connection::End::Kind::lost, Disconnect(close_code::abnormal, ec.message()),
                           ec.message()};
  }

  boost::asio::ip::tcp::resolver resolver_;
  beast::websocket::stream<Transport, true> ws_;
  beast::flat_buffer buffer_;
  std::size_t inflating_room_ = 0;  // bytes; 0: no message is inflated
  std::string subprotocol_;
  bool aborted_ = false;
};

}  // namespace coroom::detail::websocket
