#pragma once

#include <coroom/compression.hpp>
#include <coroom/disconnect.hpp>
#include <coroom/error.hpp>
#include <coroom/message.hpp>
#include <coroom/task.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom {

namespace detail::websocket {
class ClientConnection;
}

/// The trust of a client in the server of a `wss://` URL; Tornado's `validate_cert` and `ca_certs`.
struct TlsOptions {
  bool verify = true;  ///< verifies the certificate's chain, and that it names the URL's host (RFC 6125)
  std::string ca_file =
      {};  ///< PEM file of authorities to trust beside the system's; empty: the system's alone
};

/// The arguments of Tornado's `websocket_connect`, beside the URL.
struct ConnectOptions {
  /// For name resolution, TCP, TLS and the upgrade together; 0: no limit. A name server that does not respond
  /// can delay the end for as long as the system's resolver waits. Tornado's `connect_timeout`.
  std::chrono::milliseconds connect_timeout{20'000};

  /// Further fields of the upgrade request, as in Tornado's form with an HTTPRequest. `Connection`, `Upgrade`
  /// and `Sec-WebSocket-*` belong to the handshake and are errors.
  std::vector<std::pair<std::string, std::string>> headers = {};

  /// Offered in this order (RFC 6455 section 1.9); WebSocketClient::selected_subprotocol() has the choice.
  std::vector<std::string> subprotocols = {};

  /// Offers permessage-deflate if set; the server may decline. Tornado's `compression_options`.
  std::optional<CompressionOptions> compression = {};

  /// The time from one ping to the next; a ping whose answer is later is followed at once. 0: no pings.
  /// Tornado's `ping_interval`.
  std::chrono::milliseconds ping_interval{0};

  /// The time in which a pong must arrive; else the connection counts as lost; 0: as long as the interval.
  /// Time in which the program takes no messages does not count. Tornado's `ping_timeout`.
  std::chrono::milliseconds ping_timeout{0};

  /// The time for the server's part of a closing handshake; then the client disconnects. Tornado has the
  /// same.
  std::chrono::milliseconds close_timeout{5'000};

  /// Bytes of a received message after inflation. A larger one ends the connection with 1009, since an
  /// endless message would take all memory. Tornado's `max_message_size`.
  std::size_t max_message_size = std::size_t{10} << 20;

  /// If set, called on the client's executor with each message, and last with nullopt when the connection has
  /// ended by anything but the client's destruction; read_message() is not used then. An exception ends the
  /// connection. Tornado's `on_message_callback`.
  std::function<void(std::optional<Message>)> on_message = {};

  TlsOptions tls = {};  ///< for `wss://`
};

/// The client's end of a WebSocket connection (websocket_connect()); Tornado's `WebSocketClientConnection`.
///
/// All calls come on the executor on which websocket_connect() ran, which is a strand or an io_context with a
/// single thread: one read_message() at a time, and any number of the other calls. The client reads one
/// message ahead: while the program does not take that one, the socket is not read, and pings are not
/// answered. The destructor closes the socket at once, and ends waiting calls as if the connection were lost;
/// it runs before the end of the execution context.
class WebSocketClient {
 public:
  WebSocketClient(WebSocketClient&& other) noexcept;

  /// Closes the connection that was there before.
  WebSocketClient& operator=(WebSocketClient&& other) noexcept;
  WebSocketClient(const WebSocketClient&) = delete;
  WebSocketClient& operator=(const WebSocketClient&) = delete;
  ~WebSocketClient();

  /// Returns the next whole message, or nullopt when the connection has ended in any way; after close(), when
  /// the closing handshake is over. Messages that arrived before close() are still returned. Tornado's
  /// `read_message`. A call that is cancelled, by `||` with a timer for instance, may lose a message: a
  /// program that waits with a limit uses ConnectOptions::on_message.
  [[nodiscard]] task<std::optional<Message>> read_message();

  /// Sends one message when it is awaited, and ends when the socket has taken it. Messages leave in the order
  /// in which they were awaited. Tornado's `write_message`. Errors: Errc::invalid_text, and Errc::closed.
  [[nodiscard]] task<Result<>> write_message(Message message);

  /// Sends a close frame behind the messages that are being written (RFC 6455 section 7.1.2) without waiting.
  /// Messages that arrive afterwards are dropped. A server that does not answer within the close timeout is
  /// disconnected. Closing twice is harmless: the first call counts. Tornado's `close`.
  /// Errors: Errc::invalid_argument, and nothing is sent, for a code that may not be sent (section 7.4: 1000
  /// to 1003, 1007 to 1014 and 3000 to 4999 may), and for a reason that is over 123 bytes or not UTF-8.
  Result<> close(std::uint16_t code = close_code::normal, std::string_view reason = {});

  /// Sends a ping behind the messages that are being written, without waiting (RFC 6455 section 5.5.2).
  /// Tornado's `ping`. Errors: Errc::invalid_argument for a payload over 125 bytes; Errc::closed.
  Result<> ping(std::string_view data = {});

  /// Returns the code of the server's close frame, or the one sent to a server that broke the protocol;
  /// nullopt during the connection, and if it ended without a code. Tornado's `close_code`.
  [[nodiscard]] std::optional<std::uint16_t> close_code() const;

  /// Returns the reason beside close_code(), or why there is no code; empty during the connection. Tornado's
  /// `close_reason`.
  [[nodiscard]] std::string close_reason() const;

  /// Returns the subprotocol that the server chose; empty if none. Tornado's `selected_subprotocol`.
  [[nodiscard]] std::string selected_subprotocol() const;

 private:
  friend task<Result<WebSocketClient>> websocket_connect(std::string url, ConnectOptions options);

  explicit WebSocketClient(std::shared_ptr<detail::websocket::ClientConnection> connection);
  void abandon();

  std::shared_ptr<detail::websocket::ClientConnection> connection_;
};

/// Connects to a `ws://` or `wss://` URL (RFC 6455 section 3), and returns the client when the server has
/// accepted the upgrade. Runs on the executor of the awaiting coroutine: see WebSocketClient. Redirects are
/// not followed. Tornado's `websocket_connect`. Errors: the message names the host and the failure: the URL,
/// an option, the name, the connection, the certificate, the server's HTTP status, or the time.
[[nodiscard]] task<Result<WebSocketClient>> websocket_connect(std::string url, ConnectOptions options = {});

}  // namespace coroom
