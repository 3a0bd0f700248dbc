#pragma once

#include <coroom/compression.hpp>
#include <coroom/disconnect.hpp>
#include <coroom/error.hpp>
#include <coroom/message.hpp>
#include <coroom/task.hpp>

#include <boost/json/value.hpp>

#include <chrono>
#include <concepts>
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

/// How a client trusts the server of a `wss://` URL; Tornado's `validate_cert` and `ca_certs`.
struct TlsOptions {
  TlsOptions() = default;

  bool verify = true;   ///< the certificate's chain, and that it is for the URL's host (RFC 6125)
  std::string ca_file;  ///< PEM file of authorities to trust beside the system's; empty: the system's alone
};

/// The arguments of Tornado's `websocket_connect`.
struct ConnectOptions {
  ConnectOptions() = default;

  /// For name resolution, TCP, TLS and the upgrade together; 0: no limit. A name server that hangs can hold
  /// it up for as long as the system's resolver waits. Tornado's `connect_timeout`.
  std::chrono::milliseconds connect_timeout{20'000};

  /// Further fields of the upgrade request, as in Tornado's form with an HTTPRequest. `Connection`, `Upgrade`
  /// and `Sec-WebSocket-*` belong to the handshake and are refused.
  std::vector<std::pair<std::string, std::string>> headers;

  /// Offered in this order (RFC 6455 section 1.9); `WebSocketClient::selected_subprotocol` has the choice.
  std::vector<std::string> subprotocols;

  /// Offers permessage-deflate if set; the server may decline. Tornado's `compression_options`.
  std::optional<CompressionOptions> compression;

  /// The time from the answer to one ping to the next ping; 0: never pings. Tornado's `ping_interval`.
  std::chrono::milliseconds ping_interval{0};

  /// How long a ping may stay unanswered before the connection counts as lost; 0: as long as the interval.
  /// Time in which nobody takes messages does not count. Tornado's `ping_timeout`.
  std::chrono::milliseconds ping_timeout{0};

  /// How long the server may take for its part of a closing handshake before it is disconnected. Tornado
  /// gives it as much.
  std::chrono::milliseconds close_timeout{5'000};

  /// Bytes of a received message after inflation; a larger one ends the connection with 1009, since an
  /// endless message would take all memory. Tornado's `max_message_size`.
  std::size_t max_message_size = std::size_t{10} << 20;

  /// If set, it is called on the client's executor with each message, and last with nullopt when the
  /// connection has ended by anything but the client's destruction; read_message() is not used then. An
  /// exception from it ends the connection. Tornado's `on_message_callback`.
  std::function<void(std::optional<Message>)> on_message;

  TlsOptions tls;  ///< for `wss://`
};

/// The client's end of a WebSocket connection; Tornado's `WebSocketClientConnection`.
///
/// All calls come on the executor that websocket_connect() ran on, which is a strand or an io_context with a
/// single thread. One read_message() at a time; any number of the other calls, at any time. It reads one
/// message ahead: while nobody takes that one, the socket is not read, and pings are not answered. Its
/// destruction closes the socket at once, ends waiting calls as if the connection were lost, and comes before
/// that of its execution context.
class WebSocketClient {
 public:
  /// websocket_connect() makes them.
  explicit WebSocketClient(std::shared_ptr<detail::websocket::ClientConnection> connection);

  /// The connection goes with it; the one that was there before is closed.
  ///@{
  WebSocketClient(WebSocketClient&& other) noexcept;
  WebSocketClient& operator=(WebSocketClient&& other) noexcept;
  ///@}
  WebSocketClient(const WebSocketClient&) = delete;
  WebSocketClient& operator=(const WebSocketClient&) = delete;
  ~WebSocketClient();

  /// The next whole message, or nullopt once the connection has ended, however it ended: after a close() that
  /// is when the closing handshake is over. What had come before close() is still given. Tornado's
  /// `read_message`. Where it is given up before it ends, by `||` with a timer for instance, a message may be
  /// lost with it; who waits with a limit uses ConnectOptions::on_message.
  [[nodiscard]] task<std::optional<Message>> read_message();

  /// Sends one message when it is awaited, and ends when the socket has taken it; messages leave in the order
  /// in which they were awaited. The argument is copied before the call returns. An error: the text is not
  /// valid UTF-8 (nothing is sent), or the connection is closed or closing. Tornado's `write_message`.
  ///@{
  [[nodiscard]] task<Result<>> write_message(std::string_view text);
  [[nodiscard]] task<Result<>> write_message(Message message);
  ///@}

  /// The same with a JSON value as text, as Tornado does with a dict.
  template <class Json>
    requires(std::same_as<Json, boost::json::value> || std::same_as<Json, boost::json::object> ||
             std::same_as<Json, boost::json::array>)
  [[nodiscard]] task<Result<>> write_message(const Json& value) {
    return write_json(boost::json::value(value));
  }

  /// Sends a close frame behind what is being written (RFC 6455 section 7.1.2) and does not wait; what comes
  /// in afterwards is dropped. A peer that does not answer within the close timeout is disconnected. Closing
  /// twice is harmless, and the first one counts. An error, and nothing is sent: a code that may not be sent
  /// (section 7.4: 1000 to 1003, 1007 to 1014 and 3000 to 4999 may), or a reason that is over 123 bytes or
  /// not UTF-8. Tornado's `close`.
  Result<> close(std::uint16_t code = close_code::normal, std::string_view reason = {});

  /// Sends a ping with this payload, behind what is being written, and does not wait (RFC 6455 section
  /// 5.5.2). An error: over 125 bytes, or the connection is closed or closing. Tornado's `ping`.
  Result<> ping(std::string_view data = {});

  /// The code of the server's close frame, or the one sent to a server that broke the protocol; nullopt while
  /// the connection lasts, and if it ended without a code. Tornado's `close_code`.
  [[nodiscard]] std::optional<std::uint16_t> close_code() const;

  /// The reason beside close_code(), or why there is none; empty while the connection lasts. Tornado's
  /// `close_reason`.
  [[nodiscard]] std::string close_reason() const;

  /// The subprotocol that the server chose; empty if none. Tornado's `selected_subprotocol`.
  [[nodiscard]] std::string selected_subprotocol() const;

 private:
  task<Result<>> write_json(const boost::json::value& value);
  void abandon();

  std::shared_ptr<detail::websocket::ClientConnection> connection_;
};

/// Connects to a `ws://` or `wss://` URL (RFC 6455 section 3) and ends when the server has accepted the
/// upgrade. Runs on the executor of the awaiting coroutine: see WebSocketClient. The error names the host and
/// says what failed: the URL, the options, the name, the connection, the certificate, the server's HTTP
/// status, or the time. Redirects are not followed. Tornado's `websocket_connect`.
[[nodiscard]] task<Result<WebSocketClient>> websocket_connect(std::string url, ConnectOptions options = {});

}  // namespace coroom
