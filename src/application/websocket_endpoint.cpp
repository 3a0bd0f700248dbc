#include "application/websocket_endpoint.hpp"

#include "application/request_context.hpp"
#include "core/thrown.hpp"
#include "websocket/outgoing.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>
#include <vector>

namespace coroom::detail::application {
namespace {

task<Result<>> failed(Result<> with) {
  co_return with;
}

/// Returns the error of a session that takes no data now; `session` is nullptr before open().
Result<> not_taken(const websocket::Session* session) {
  return session == nullptr ? failure(Errc::not_open, "the WebSocket is not open yet")
                            : websocket::closed_error();
}

task<Result<>> send(websocket::Session& session, SharedBytes frame) {
  const bool sent = co_await session.write(std::move(frame));
  co_return sent ? Result<>() : websocket::closed_error();
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

task<> WebSocketEndpoint::on_too_fast(Message message) {
  return handler_.on_too_fast(std::move(message));
}

task<> WebSocketEndpoint::join() {
  if (!tasks_) co_return;
  tasks_->cancel();
  co_await tasks_->wait();
}

void WebSocketEndpoint::spawn(task<> work) {
  if (!spawn_owned(std::move(work))) throw std::logic_error("the handler's connection has ended");
}

bool WebSocketEndpoint::spawn_owned(task<> work) {
  websocket::Session& session = running();
  if (!tasks_) {
    tasks_ = std::make_unique<detail::OwnedTasks>(
        session.shard().executor(), [&session](const std::exception_ptr& thrown) { session.fail(thrown); });
  }
  return tasks_->spawn(std::move(work));
}

/// Comes while a room delivers to its members, when a handler may not leave one. So the handler is notified
/// by a task of its own, once for all that was dropped until then.
void WebSocketEndpoint::on_dropped(std::size_t bytes) {
  dropped_bytes_ += bytes;
  if (notifies_) return;
  detail::log_what_is_thrown("a handler was not notified",
                             [this] { notifies_ = spawn_owned(notify_of_dropped()); });
}

task<> WebSocketEndpoint::notify_of_dropped() {
  namespace this_coro = boost::asio::this_coro;
  co_await boost::asio::post(co_await this_coro::executor, as_result);
  notifies_ = false;
  const auto cancelled = (co_await this_coro::cancellation_state).cancelled();
  if (cancelled == boost::asio::cancellation_type::none)
    handler_.on_dropped(std::exchange(dropped_bytes_, 0));
}

task<> WebSocketEndpoint::on_close(Disconnect how) {
  if (ref_) ref_->cut();
  end_ = std::move(how);
  return handler_.on_close();
}

void WebSocketEndpoint::on_control(websocket::Opcode kind, std::string_view payload) {
  if (kind == websocket::Opcode::ping) {
    handler_.on_ping(payload);
  } else {
    handler_.on_pong(payload);
  }
}

task<Result<>> WebSocketEndpoint::write(Message::Kind kind, std::string_view data) {
  if (session_ == nullptr || !session_->is_open()) return failed(not_taken(session_));
  auto frame = websocket::encoded(kind, data, session_->framing());
  if (!frame) return failed(tl::unexpected(frame.error()));
  session_->shard().traffic().write();
  return send(*session_, std::move(*frame));
}

task<bool> WebSocketEndpoint::write_reply(std::string text) {
  if (session_ == nullptr || !session_->is_open()) co_return true;
  auto frame = websocket::encoded(Message::Kind::text, std::exchange(text, {}), session_->framing());
  if (!frame) co_return true;
  session_->shard().traffic().write();
  co_return co_await session_->write_reply(std::move(*frame));
}

Result<> WebSocketEndpoint::push(Message::Kind kind, std::string_view data) {
  if (session_ == nullptr || !session_->is_open()) return not_taken(session_);
  auto frame = websocket::encoded(kind, data, session_->framing());
  if (!frame) return tl::unexpected(frame.error());
  session_->shard().traffic().write();
  return session_->push(std::move(*frame)) == net::Push::closed ? websocket::closed_error() : Result<>();
}

Result<> WebSocketEndpoint::close(Disconnect disconnect) {
  if (auto allowed = websocket::check(disconnect); !allowed) return allowed;
  if (session_ == nullptr) return not_taken(session_);
  session_->close(std::move(disconnect));
  return {};
}

Result<> WebSocketEndpoint::ping(std::string_view data) {
  if (data.size() > websocket::longest_control)
    return failure(Errc::invalid_argument, "the payload of a ping must have at most 125 bytes");
  if (session_ == nullptr || session_->ping(data) != net::Push::queued) return not_taken(session_);
  return {};
}

websocket::Session& WebSocketEndpoint::begun() const {
  if (session_ == nullptr) throw std::logic_error("the handler has no connection before open()");
  return *session_;
}

websocket::Session& WebSocketEndpoint::running() const {
  if (end_) throw std::logic_error("the handler's connection has ended: call this before on_close()");
  return begun();
}

ConnectionHandle WebSocketEndpoint::connection() {
  if (ref_ == nullptr) ref_ = std::make_shared<ConnectionRef>(begun());
  if (end_) ref_->cut();
  return ConnectionHandle(ref_);
}

}  // namespace coroom::detail::application
