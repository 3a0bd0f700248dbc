#include "application/handler_context.hpp"
#include "application/session.hpp"
#include "core/completed.hpp"
#include "websocket/outgoing.hpp"

#include <coroom/application.hpp>
#include <coroom/connection_handler.hpp>
#include <coroom/origin.hpp>

#include <string>
#include <tuple>
#include <utility>

namespace coroom {
namespace {

using detail::application::Session;

tl::unexpected<Error> not_open() {
  return failure(Errc::not_open, "the connection is not open yet");
}

}  // namespace

task<> ConnectionHandler::open() {
  co_return;
}

task<> ConnectionHandler::on_too_fast(Message /*message*/) {
  std::ignore = close(close_code::policy_violation, "too many messages");
  co_return;
}

task<> ConnectionHandler::on_close() {
  co_return;
}

void ConnectionHandler::on_dropped(std::size_t /*bytes*/) {}

bool ConnectionHandler::check_origin(std::string_view origin) {
  const auto parsed = parse_origin(origin);
  return parsed && is_same_origin(*parsed, request());
}

std::size_t ConnectionHandler::max_message_size() const {
  return application().settings().limits.max_message_size;
}

SlowConsumer ConnectionHandler::slow_consumer() const {
  return application().settings().limits.slow_consumer;
}

RateLimit ConnectionHandler::rate_limit() const {
  return application().settings().limits.rate_limit;
}

task<Result<>> ConnectionHandler::write_message(const Message& message) {
  if (session_ == nullptr) return detail::completed(Result<>(not_open()));
  return session_->write(message.kind, message.data);
}

Result<> ConnectionHandler::push_message(const Message& message) {
  if (session_ == nullptr) return not_open();
  return session_->push(message.kind, message.data);
}

Result<> ConnectionHandler::close(std::uint16_t code, std::string_view reason) {
  Disconnect disconnect{code, std::string(reason)};
  if (auto allowed = detail::websocket::check(disconnect); !allowed) return allowed;
  if (session_ == nullptr) return not_open();
  session_->close(std::move(disconnect));
  return {};
}

void ConnectionHandler::release_request() {
  std::ignore = Session::begun(*this);
  handler_context().request.reset();
}

std::size_t ConnectionHandler::queued_bytes() const {
  return session_ != nullptr ? session_->queued_bytes() : 0;
}

RateVerdict ConnectionHandler::charge_received(std::size_t bytes, std::size_t messages) {
  return Session::begun(*this).charge_received(bytes, messages);
}

bool ConnectionHandler::should_yield() const {
  return session_ != nullptr && session_->shard().should_yield();
}

void ConnectionHandler::spawn(task<> work) {
  Session::begun(*this).spawn(std::move(work));
}

ConnectionHandle ConnectionHandler::connection() {
  return Session::begun(*this).handle();
}

void ConnectionHandler::set_nodelay(bool on) {
  Session::begun(*this).set_nodelay(on);
}

std::optional<std::uint16_t> ConnectionHandler::close_code() const {
  if (session_ == nullptr || !session_->end()) return std::nullopt;
  return session_->end()->disconnect.code;
}

std::string ConnectionHandler::close_reason() const {
  return session_ != nullptr && session_->end() ? session_->end()->disconnect.reason : std::string();
}

}  // namespace coroom
