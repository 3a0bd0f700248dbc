#include "application/websocket_endpoint.hpp"

#include "application/exchange.hpp"
#include "core/utf8.hpp"

#include <coroom/frame_writer.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace coroom::application {
namespace {

constexpr std::size_t longest_control = 125;  // bytes; RFC 6455 section 5.5
constexpr std::size_t longest_reason = longest_control - sizeof(std::uint16_t);

/// RFC 6455 section 7.4.
bool may_be_sent(std::uint16_t code) {
  if (code >= 3000 && code <= 4999) return true;
  return code >= 1000 && code <= 1011 && code != 1004 && code != 1005 && code != 1006;
}

const char* const is_closed = "the WebSocket is closed";

task<Result<>> failed(std::string why) {
  co_return failure(std::move(why));
}

task<Result<>> send(websocket::Session& session, SharedBytes frame) {
  const bool sent = co_await session.write(std::move(frame));
  if (!sent) co_return failure(is_closed);
  co_return Result<>();
}

}  // namespace

const std::optional<std::string>& WebSocketEndpoint::choose_subprotocol() {
  const auto offered = handler_.request().headers.tokens("Sec-WebSocket-Protocol");
  if (!offered.empty()) subprotocol_ = handler_.select_subprotocol(offered);
  // A client fails a connection whose subprotocol it did not offer (RFC 6455 section 4.1).
  if (subprotocol_ && std::ranges::find(offered, *subprotocol_) == offered.end()) subprotocol_.reset();
  return subprotocol_;
}

task<> WebSocketEndpoint::open(websocket::Session& session) {
  session_ = &session;
  return handler_.open();
}

task<> WebSocketEndpoint::on_message(Message message) {
  return handler_.on_message(std::move(message));
}

task<> WebSocketEndpoint::on_close(Disconnect how) {
  end_ = std::move(how);
  return handler_.on_close();
}

void WebSocketEndpoint::on_control(websocket::Stream::Control kind, std::string_view payload) {
  if (kind == websocket::Stream::Control::ping) {
    handler_.on_ping(payload);
  } else {
    handler_.on_pong(payload);
  }
}

task<Result<>> WebSocketEndpoint::write(Message::Kind kind, std::string_view data) {
  if (session_ == nullptr || !session_->is_open()) return failed(is_closed);
  if (kind == Message::Kind::text && !is_utf8(data)) return failed("the text is not UTF-8");
  std::string frame;
  FrameWriter(frame, session_->deflate()).write(kind, data);
  return send(*session_, share(std::move(frame)));
}

Result<> WebSocketEndpoint::close(Disconnect disconnect) {
  if (!may_be_sent(disconnect.code))
    return failure("close code " + std::to_string(disconnect.code) + " may not be sent");
  if (disconnect.reason.size() > longest_reason || !is_utf8(disconnect.reason))
    return failure("a close reason is UTF-8, 123 bytes at most");
  if (session_ != nullptr) session_->close(std::move(disconnect));
  return {};
}

Result<> WebSocketEndpoint::ping(std::string_view data) {
  if (data.size() > longest_control) return failure("a ping carries 125 bytes at most");
  if (session_ == nullptr || session_->ping(data) != net::Push::queued) return failure(is_closed);
  return {};
}

}  // namespace coroom::application
