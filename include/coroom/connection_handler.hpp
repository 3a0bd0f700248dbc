#pragma once

#include <coroom/connection_handle.hpp>
#include <coroom/disconnect.hpp>
#include <coroom/error.hpp>
#include <coroom/message.hpp>
#include <coroom/rate_limit.hpp>
#include <coroom/request_handler.hpp>
#include <coroom/settings.hpp>
#include <coroom/task.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coroom {

namespace detail::application {
class Session;
}
namespace detail::connection {
struct ControlFrame;
}

/// One connection that stays open: the base of WebSocketHandler and StreamHandler. The library makes a
/// handler for each connection. All calls come on the thread of the connection, so a handler needs no lock
/// for its own members. They come one after the other; only on_dropped() may come while another call waits.
/// An exception closes the handler's own connection with 1011, with a log line, and no other connection.
///
/// prepare() is called before the connection opens, and may refuse it by send_error(). The body of the
/// request is gone after it.
///
/// A function that is no coroutine may return an empty task, `return {};`, which costs less.
class ConnectionHandler : public RequestHandler {
 public:
  ConnectionHandler() = default;
  ~ConnectionHandler() override = default;

  /// Called when the connection is open. No message is read before it has ended.
  virtual task<> open();

  /// Called with each whole message. The next one is not read before it has ended.
  virtual task<> on_message(Message message) = 0;

  /// Called in place of on_message() for a message that exceeds rate_limit(), or the limit of its address
  /// (ResourceLimits::address_rate_limit). Closes with 1008 unless overridden. A connection that goes on
  /// exceeding its limit is closed anyway.
  virtual task<> on_too_fast(Message message);

  /// Called once when the connection has ended in any way, if open() was called: close_code() and
  /// close_reason() have the reason.
  virtual task<> on_close();

  /// Called when queued data was dropped, since the client reads too slowly and slow_consumer() is
  /// SlowConsumer::drop_oldest. `bytes` are those of all frames that were dropped since the last call. It may
  /// come while open() or on_message() waits, and must not wait itself.
  virtual void on_dropped(std::size_t bytes);

  /// Returns whether pages of this origin may connect; the response is 403 if not. By default those of the
  /// same host and port may. Not called for a request without Origin: browsers always send one (RFC 6455
  /// section 10.2).
  virtual bool check_origin(std::string_view origin);

  /// Return settings of this connection; by default those of the application.
  [[nodiscard]] virtual std::size_t max_message_size() const;  ///< bytes
  [[nodiscard]] virtual SlowConsumer slow_consumer() const;    ///< policy for a slow consumer
  [[nodiscard]] virtual RateLimit rate_limit() const;          ///< of the client's messages

  /// Returns true if one message holds several, and on_message() calls charge_received() for each of them. By
  /// default, false, each message is charged as one, and on_message() gets those within the limit.
  [[nodiscard]] virtual bool counts_messages() const { return false; }

 protected:
  /// Sends a message to the client (Tornado: write_message). Ends when the connection's queue has taken it,
  /// and waits while the queue is full. Copies the data before it returns.
  /// Errors: Errc::not_open, Errc::closed, Errc::invalid_text; then nothing is sent.
  task<Result<>> write_message(const Message& message);

  /// Sends a message without waiting, as a room does. A client that takes less than it is sent is a slow
  /// consumer (slow_consumer()). Errors: as write_message().
  Result<> push_message(const Message& message);

  /// Sends a close frame behind what was written before; nothing follows it (RFC 6455 section 5.5.1). Closing
  /// twice does nothing.
  /// Errors: Errc::not_open; Errc::invalid_argument for a code that may not be sent (1004 to 1006, those
  /// below 1000, 1015 to 2999, 5000 and more), and for a reason that is not UTF-8, is longer than 123 bytes
  /// or has a control character.
  Result<> close(std::uint16_t code = close_code::normal, std::string_view reason = {});

  /// Releases the request and its response, one to two KiB that an idle connection would keep. Afterwards
  /// request(), get_argument() and the like throw std::logic_error. Throws std::logic_error before open().
  void release_request();

  /// Returns the bytes that wait to be sent to the client; 0 before open().
  [[nodiscard]] std::size_t queued_bytes() const;

  /// Charges received messages to rate_limit() and to the limit of the client's address, and returns the
  /// verdict (counts_messages()). Throws std::logic_error before open().
  RateVerdict charge_received(std::size_t bytes, std::size_t messages = 1);

  /// Returns whether this thread has worked for so long without a look at its other connections that a
  /// handler with more to do should post itself before it goes on. False before open().
  [[nodiscard]] bool should_yield() const;

  /// Runs a coroutine beside the handler's calls, on the thread of the connection: a ticker, or one direction
  /// of a bridge (Tornado: spawn_callback). The connection owns it: when the connection ends, the coroutine
  /// is cancelled, and on_close() comes after its end. So it may use the handler, as `task<>
  /// MyHandler::tick()` does. An exception closes the connection with 1011, with a log line. Throws
  /// std::logic_error before open() and after the connection's end.
  void spawn(task<> work);

  /// Returns a handle of this connection that any thread may use. Throws std::logic_error before open().
  [[nodiscard]] ConnectionHandle connection();

  /// Sets whether small messages leave at once (TCP_NODELAY); by default they do. Throws std::logic_error
  /// before open().
  void set_nodelay(bool on);

  /// Return the close code and reason of an ended connection, and nothing before its end: those that this
  /// side sent where it closed first. 1005: the client's close frame had no code; 1006: none arrived.
  ///@{
  [[nodiscard]] std::optional<std::uint16_t> close_code() const;
  [[nodiscard]] std::string close_reason() const;
  ///@}

 private:
  friend class detail::application::Session;

  /// Called for each ping, which is answered already, and for each pong.
  virtual void on_control(const detail::connection::ControlFrame& /*frame*/) {}

  detail::application::Session* session_ = nullptr;  // from open() on
};

}  // namespace coroom
