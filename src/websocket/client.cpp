#include "core/deadline.hpp"
#include "core/utf8.hpp"
#include "websocket/client_connection.hpp"
#include "websocket/client_stream.hpp"
#include "websocket/client_target.hpp"

#include <coroom/websocket_client.hpp>

#include <boost/algorithm/string/predicate.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>

namespace coroom {
namespace {

using websocket::ClientConnection;
using websocket::ClientStream;

constexpr std::size_t longest_reason = 123;  // bytes: RFC 6455 section 5.5, less two for the code
constexpr std::size_t longest_ping = 125;    // bytes: RFC 6455 section 5.5

/// RFC 6455 section 7.4 and IANA's registry.
bool may_be_sent(std::uint16_t code) {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

/// A token of RFC 7230 section 3.2.6.
bool is_token(std::string_view text) {
  const auto is_token_character = [](char character) {
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(character) != std::string_view::npos;
  };
  return !text.empty() && std::ranges::all_of(text, is_token_character);
}

bool is_of_the_handshake(std::string_view name) {
  return boost::iequals(name, "Connection") || boost::iequals(name, "Upgrade") ||
         boost::istarts_with(name, "Sec-WebSocket-");
}

Result<> check(const ConnectOptions& options) {
  for (const auto& [name, value] : options.headers) {
    if (!is_token(name)) return failure("'" + name + "' can't be the name of a header");
    if (is_of_the_handshake(name)) return failure("the header " + name + " belongs to the handshake");
    if (value.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
      return failure("the header " + name + " has a line break or a NUL in it");
    }
  }
  for (const auto& subprotocol : options.subprotocols) {
    if (!is_token(subprotocol)) return failure("'" + subprotocol + "' can't be the name of a subprotocol");
  }
  const auto in_range = [](int value) { return value >= 1 && value <= 9; };
  if (options.compression &&
      !(in_range(options.compression->level) && in_range(options.compression->memory_level))) {
    return failure("compression levels go from 1 to 9");
  }
  return {};
}

/// The task of an answer that is known already.
task<Result<>> answer(Result<> result) {
  co_return result;
}

task<Result<>> write(std::shared_ptr<ClientConnection> connection, Message message) {
  const bool sent = co_await connection->write(std::move(message));
  if (!sent) co_return failure("the WebSocket connection is closed");
  co_return Result<>();
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

task<Result<>> WebSocketClient::write_message(std::string_view text) {
  return write_message(Message(Message::Kind::text, std::string(text)));
}

task<Result<>> WebSocketClient::write_message(Message message) {
  if (message.kind == Message::Kind::text && !is_utf8(message.data)) {
    return answer(failure("a text message must be valid UTF-8"));
  }
  return write(connection_, std::move(message));
}

task<Result<>> WebSocketClient::write_json(const boost::json::value& value) {
  return write_message(Message(Message::Kind::text, boost::json::serialize(value)));
}

Result<> WebSocketClient::close(std::uint16_t code, std::string_view reason) {
  if (!may_be_sent(code)) return failure("the close code " + std::to_string(code) + " may not be sent");
  if (reason.size() > longest_reason) return failure("a close reason has 123 bytes at most");
  if (!is_utf8(reason)) return failure("a close reason must be valid UTF-8");
  connection_->close(Disconnect(code, reason));
  return {};
}

Result<> WebSocketClient::ping(std::string_view data) {
  if (data.size() > longest_ping) return failure("a ping has 125 bytes at most");
  if (!connection_->ping(std::string(data))) return failure("the WebSocket connection is closed");
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
  const auto target = websocket::parse_client_target(url);
  if (!target) co_return tl::unexpected(target.error());
  const auto fail = [&](const std::string& why) { return failure(target->name + ": " + why); };
  if (const Result<> checked = check(options); !checked) co_return fail(checked.error().message);

  const boost::asio::any_io_executor executor = co_await boost::asio::this_coro::executor;
  std::unique_ptr<ClientStream> stream;
  if (target->secure) {
    auto made = websocket::make_tls_client_stream(executor, options.tls);
    if (!made) co_return fail(made.error().message);
    stream = std::move(*made);
  } else {
    stream = websocket::make_tcp_client_stream(executor);
  }

  bool late = false;
  Deadline deadline(executor, [&late, &stream] {
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
