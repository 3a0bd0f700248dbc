#include "application/session.hpp"
#include "connection/protocol.hpp"
#include "websocket/outgoing.hpp"

#include <coroom/application.hpp>
#include <coroom/websocket_handler.hpp>

#include <algorithm>
#include <utility>

namespace coroom {

using detail::application::Session;

std::optional<std::string> WebSocketHandler::select_subprotocol(const std::vector<std::string>&) {
  return std::nullopt;
}

std::optional<CompressionOptions> WebSocketHandler::get_compression_options() const {
  return std::nullopt;
}

std::chrono::milliseconds WebSocketHandler::ping_interval() const {
  return application().settings().timeouts.ping_interval;
}

std::chrono::milliseconds WebSocketHandler::ping_timeout() const {
  return application().settings().timeouts.ping_timeout;
}

Result<> WebSocketHandler::ping(std::string_view data) {
  if (data.size() > detail::websocket::longest_control)
    return failure(Errc::invalid_argument, "the payload of a ping must have at most 125 bytes");
  Session* session = Session::of(*this);
  if (session == nullptr) return failure(Errc::not_open, "the connection is not open yet");
  return session->ping(data);
}

void WebSocketHandler::on_control(const detail::connection::ControlFrame& frame) {
  using Kind = detail::connection::ControlFrame::Kind;
  frame.kind == Kind::ping ? on_ping(frame.payload) : on_pong(frame.payload);
}

const std::optional<std::string>& WebSocketHandler::choose_subprotocol() {
  const auto offered = request().headers.tokens("Sec-WebSocket-Protocol");
  if (!offered.empty()) subprotocol_ = select_subprotocol(offered);
  // A client fails a connection whose subprotocol it did not offer (RFC 6455 section 4.1).
  if (subprotocol_ && std::ranges::find(offered, *subprotocol_) == offered.end()) subprotocol_.reset();
  return subprotocol_;
}

}  // namespace coroom
