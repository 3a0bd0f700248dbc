#pragma once

#include <coroom/compression.hpp>
#include <coroom/connection_handle.hpp>
#include <coroom/disconnect.hpp>
#include <coroom/error.hpp>
#include <coroom/message.hpp>
#include <coroom/rate_limit.hpp>
#include <coroom/request_handler.hpp>
#include <coroom/settings.hpp>

#include <boost/json/value.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coroom {

namespace detail::application {
class WebSocketEndpoint;
}

/// One WebSocket connection of a route: a program derives from it and overrides on_message() and what else it
/// needs (Tornado: WebSocketHandler). All calls come one after the other, on the thread of the connection, so
/// a handler needs no lock for what is its own. A handler that throws closes its own connection with 1011,
/// with a log line, and no other.
///
/// prepare() comes before the handshake, and may refuse it by send_error(). A body that the request has is
/// gone after it.
class WebSocketHandler : public RequestHandler {
 public:
  WebSocketHandler();
  ~WebSocketHandler() override;

  /// The handshake is done. No message is read before it has ended.
  virtual task<> open();

  /// A whole message came. The next one is not read before it has ended.
  virtual task<> on_message(Message message) = 0;

  /// A whole message came, and too fast: the connection is over its rate_limit(), or its address over
  /// Settings::address_rate_limit, and the message should not be heard. Unless overridden it closes with
  /// 1008. A connection that goes on is closed anyway.
  virtual task<> on_too_fast(Message message);

  /// The connection has ended, however it did: close_code() and close_reason() say how. Comes exactly once,
  /// if open() was called at all.
  virtual task<> on_close();

  /// The peer's ping, which has been answered, or its answer to ours; 125 bytes at most. Must not wait
  /// (Tornado: on_ping, on_pong).
  ///@{
  virtual void on_ping(std::string_view /*data*/) {}
  virtual void on_pong(std::string_view /*data*/) {}
  ///@}

  /// Whether pages of this origin may connect; if not, the answer is 403. Unless overridden: those of the
  /// same host and port. Not asked where there is no Origin, since such a client is no browser (RFC 6455
  /// section 10.2).
  virtual bool check_origin(std::string_view origin);

  /// Picks one of the subprotocols that the client offers, the one it likes best first; nullopt for none (RFC
  /// 6455 section 1.9).
  virtual std::optional<std::string> select_subprotocol(const std::vector<std::string>& offered);

  /// Offers permessage-deflate to clients that ask for it (RFC 7692); nullopt, unless overridden: never.
  [[nodiscard]] virtual std::optional<CompressionOptions> get_compression_options() const;

  /// Of this connection; the application's settings unless overridden.
  [[nodiscard]] virtual std::size_t max_message_size() const;             ///< bytes
  [[nodiscard]] virtual std::chrono::milliseconds ping_interval() const;  ///< 0 never pings
  [[nodiscard]] virtual std::chrono::milliseconds ping_timeout() const;   ///< 0: the interval
  [[nodiscard]] virtual SlowConsumer slow_consumer() const;               ///< if it is a slow reader
  [[nodiscard]] virtual RateLimit rate_limit() const;                     ///< of what it sends

  /// True: a message holds many, and on_message() asks charge_received() for each. False, unless overridden:
  /// each counts as one, and on_message() is called for those that are not too fast.
  [[nodiscard]] virtual bool counts_messages() const { return false; }

  /// Sends a message to this connection (Tornado: write_message). Ends when the connection's queue took it,
  /// and waits while that is full. An error: the connection is not open yet, or is closed, or the text is no
  /// UTF-8; then nothing is sent. The data is copied before it waits.
  ///@{
  task<Result<>> write_message(std::string_view text);
  task<Result<>> write_message(const Message& message);
  task<Result<>> write_message(const boost::json::value& value);  ///< as JSON text
  task<Result<>> write_message(const char* text) { return write_message(std::string_view(text)); }
  ///@}

  /// Sends a text to this connection as a room does: without waiting, and a connection that takes less than
  /// it is sent is a slow reader (Settings::slow_consumer).
  Result<> push_message(std::string_view text);

  /// Sends a close frame; what was written before goes first, and nothing follows (RFC 6455 section 5.5.1).
  /// Closing twice does nothing. An error: the connection is not open yet, a code that may not be sent (1004
  /// to 1006, all below 1000, 1015 to 2999, 5000 and more), or a reason that is no UTF-8, longer than 123
  /// bytes or with a control character in it.
  Result<> close(std::uint16_t code = close_code::normal, std::string_view reason = {});

  /// Sends a ping with up to 125 bytes; more is an error, and so is a connection that is not open.
  Result<> ping(std::string_view data = {});

  /// So much has come as one message, or as so many, towards rate_limit() and Settings::address_rate_limit;
  /// from open() on, else it throws std::logic_error.
  RateVerdict charge_received(std::size_t bytes, std::size_t messages = 1);

  /// Whether this thread has worked for so long, without a look at its other connections, that a handler with
  /// more to do should post itself before it goes on; from open() on.
  [[nodiscard]] bool should_yield() const;

  /// Runs a coroutine beside the handler's calls, on the thread of the connection: a ticker, the other half
  /// of a bridge (Tornado: spawn_callback). It belongs to the connection: when that ends, what the coroutine
  /// waits for is cancelled, as with the handler's calls, and on_close() comes when it has ended. So it may
  /// use the handler, `task<> MyHandler::tick()` for instance. What it throws closes the connection with
  /// 1011, with a log line. From open() to the connection's end; else it throws std::logic_error.
  void spawn(task<> work);

  /// A handle of this connection for others, on any thread; from open() on, else it throws std::logic_error.
  [[nodiscard]] ConnectionHandle connection();

  /// Whether small messages leave at once (TCP_NODELAY); they do unless told otherwise. From open() on, else
  /// it throws std::logic_error.
  void set_nodelay(bool on);

  /// How the connection ended; nothing before. Where this side closed it, the code that it sent. 1005: the
  /// peer's close frame had no code; 1006: none came.
  ///@{
  [[nodiscard]] std::optional<std::uint16_t> close_code() const;
  [[nodiscard]] std::string close_reason() const;
  ///@}

  /// What select_subprotocol() picked.
  [[nodiscard]] const std::optional<std::string>& selected_subprotocol() const;

 private:
  friend class detail::application::WebSocketEndpoint;

  std::unique_ptr<detail::application::WebSocketEndpoint> endpoint_;
};

}  // namespace coroom
