#include "core/deadline.hpp"
#include "core/grammar.hpp"
#include "core/utf8.hpp"
#include "websocket/client_connection.hpp"
#include "websocket/client_stream.hpp"
#include "websocket/client_target.hpp"
#include "websocket/deflater.hpp"
#include "websocket/outgoing.hpp"

#include <coroom/websocket_client.hpp>

#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace coroom {
namespace {

using detail::websocket::ClientConnection;
using detail::websocket::ClientStream;

bool is_of_the_handshake(std::string_view name) {
  return boost::beast::iequals(name, "Connection") || boost::beast::iequals(name, "Upgrade") ||
         detail::starts_with_ignoring_case(name, "Sec-WebSocket-");
}

Result<> check(const ConnectOptions& options) {
  for (const auto& [name, value] : options.headers) {
    if (!detail::is_http_token(name))
      return failure(Errc::invalid_argument, "'" + name + "' is not a valid header name");
    if (is_of_the_handshake(name))
      return failure(Errc::invalid_argument, "the header " + name + " is set by the handshake");
    if (!detail::is_field_value(value))
      return failure(Errc::invalid_argument, "the header " + name + " contains a control character");
  }
  for (const auto& subprotocol : options.subprotocols) {
    if (!detail::is_http_token(subprotocol))
      return failure(Errc::invalid_argument, "'" + subprotocol + "' is not a valid subprotocol name");
  }
  if (options.compression && !detail::websocket::is_valid(*options.compression)) {
    return failure(Errc::invalid_argument, "the compression level must be from 1 to 9");
  }
  return {};
}

/// Returns a task that completes at once with `result`.
task<Result<>> answer(Result<> result) {
  co_return result;
}

task<Result<>> write(std::shared_ptr<ClientConnection> connection, Message message) {
  const bool sent = co_await connection->write(std::move(message));
  co_return sent ? Result<>() : detail::websocket::closed_error();
}

task<std::optional<Message>> read(std::shared_ptr<ClientConnection> connection) {
  co_return co_await connection->read();
}

}  // namespace

WebSocketClient::WebSocketClient(std::shared_ptr<ClientConnection> connection)
    : connection_(std::move(connection)) {}

WebSocketClient::WebSocketClient(WebSocketClient&& other) noexcept = default;

WebSocketClient& WebSocketClient::operator=(WebSocketClient&& other) noexcept {
  if (this != &other) {
    abandon();
    connection_ = std::move(other.connection_);
  }
  return *this;
}

WebSocketClient::~WebSocketClient() {
  abandon();
}

void WebSocketClient::abandon() {
  if (connection_) connection_->abandon();
}

task<std::optional<Message>> WebSocketClient::read_message() {
  return read(connection_);
}

task<Result<>> WebSocketClient::write_message(Message message) {
  if (message.kind != Message::Kind::binary && !detail::is_utf8(message.data)) {
    return answer(failure(Errc::invalid_text, "the text is not UTF-8"));
  }
  return write(connection_, std::move(message));
}

Result<> WebSocketClient::close(std::uint16_t code, std::string_view reason) {
  Disconnect disconnect{code, std::string(reason)};
  if (auto allowed = detail::websocket::check(disconnect); !allowed) return allowed;
  connection_->close(std::move(disconnect));
  return {};
}

Result<> WebSocketClient::ping(std::string_view data) {
  if (data.size() > detail::websocket::longest_control)
    return failure(Errc::invalid_argument, "the payload of a ping must have at most 125 bytes");
  if (!connection_->ping(std::string(data))) return detail::websocket::closed_error();
  return {};
}

std::optional<std::uint16_t> WebSocketClient::close_code() const {
  const auto& ended = connection_->ended();
  if (!ended || ended->code == close_code::no_status || ended->code == close_code::abnormal) return {};
  return ended->code;
}

std::string WebSocketClient::close_reason() const {
  const auto& ended = connection_->ended();
  return ended ? ended->reason : std::string();
}

std::string WebSocketClient::selected_subprotocol() const {
  return connection_->subprotocol();
}

task<Result<WebSocketClient>> websocket_connect(std::string url, ConnectOptions options) {
  const auto target = detail::websocket::parse_client_target(url);
  if (!target) co_return tl::unexpected(target.error());
  const auto fail = [&](const std::string& why) { return failure(target->name + ": " + why); };
  if (const Result<> checked = check(options); !checked) co_return fail(checked.error().message);

  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  std::unique_ptr<ClientStream> stream;
  if (target->secure) {
    auto made = detail::websocket::make_tls_client_stream(executor, options.tls);
    if (!made) co_return fail(made.error().message);
    stream = std::move(*made);
  } else {
    stream = detail::websocket::make_tcp_client_stream(executor);
  }

  bool late = false;
  detail::Deadline deadline(executor, [&late, &stream] {
    late = true;
    stream->abort();
  });
  if (options.connect_timeout.count() > 0) deadline.expires_after(options.connect_timeout);
  const Result<> connected = co_await stream->connect(*target, options);
  if (late) {
    co_return fail("no connection within " + std::to_string(options.connect_timeout.count()) + " ms");
  }
  if (!connected) co_return fail(connected.error().message);

  auto connection = std::make_shared<ClientConnection>(executor, std::move(stream), std::move(options));
  connection->start();
  co_return WebSocketClient(std::move(connection));
}

}  // namespace coroom
