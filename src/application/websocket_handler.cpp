#include "application/request_context.hpp"
#include "application/websocket_endpoint.hpp"

#include <coroom/application.hpp>
#include <coroom/origin.hpp>
#include <coroom/websocket_handler.hpp>

#include <tuple>
#include <utility>

namespace coroom {

WebSocketHandler::WebSocketHandler()
    : endpoint_(std::make_unique<detail::application::WebSocketEndpoint>(*this)) {}
WebSocketHandler::~WebSocketHandler() = default;

task<> WebSocketHandler::open() {
  co_return;
}

task<> WebSocketHandler::on_too_fast(Message /*message*/) {
  std::ignore = close(close_code::policy_violation, "too many messages");
  co_return;
}

task<> WebSocketHandler::on_close() {
  co_return;
}

bool WebSocketHandler::check_origin(std::string_view origin) {
  const auto parsed = parse_origin(origin);
  return parsed && is_same_origin(*parsed, request());
}

std::optional<std::string> WebSocketHandler::select_subprotocol(const std::vector<std::string>&) {
  return std::nullopt;
}

std::optional<CompressionOptions> WebSocketHandler::get_compression_options() const {
  return std::nullopt;
}

std::size_t WebSocketHandler::max_message_size() const {
  return application().settings().limits.max_message_size;
}

std::chrono::milliseconds WebSocketHandler::ping_interval() const {
  return application().settings().timeouts.ping_interval;
}

std::chrono::milliseconds WebSocketHandler::ping_timeout() const {
  return application().settings().timeouts.ping_timeout;
}

SlowConsumer WebSocketHandler::slow_consumer() const {
  return application().settings().limits.slow_consumer;
}

RateLimit WebSocketHandler::rate_limit() const {
  return application().settings().limits.rate_limit;
}

task<Result<>> WebSocketHandler::write_message(const Message& message) {
  return endpoint_->write(message.kind, message.data);
}

Result<> WebSocketHandler::push_message(const Message& message) {
  return endpoint_->push(message.kind, message.data);
}

std::size_t WebSocketHandler::queued_bytes() const {
  return endpoint_->session() != nullptr ? endpoint_->session()->queued_bytes() : 0;
}

void WebSocketHandler::on_dropped(std::size_t /*bytes*/) {}

Result<> WebSocketHandler::close(std::uint16_t code, std::string_view reason) {
  return endpoint_->close({code, std::string(reason)});
}

Result<> WebSocketHandler::ping(std::string_view data) {
  return endpoint_->ping(data);
}

RateVerdict WebSocketHandler::charge_received(std::size_t bytes, std::size_t messages) {
  return endpoint_->begun().charge_received(bytes, messages);
}

bool WebSocketHandler::should_yield() const {
  return endpoint_->session() != nullptr && endpoint_->session()->shard().should_yield();
}

void WebSocketHandler::spawn(task<> work) {
  endpoint_->spawn(std::move(work));
}

ConnectionHandle WebSocketHandler::connection() {
  return endpoint_->connection();
}

void WebSocketHandler::set_nodelay(bool on) {
  endpoint_->begun().set_nodelay(on);
}

std::optional<std::uint16_t> WebSocketHandler::close_code() const {
  if (!endpoint_->end()) return std::nullopt;
  return endpoint_->end()->code;
}

std::string WebSocketHandler::close_reason() const {
  return endpoint_->end() ? endpoint_->end()->reason : std::string();
}

const std::optional<std::string>& WebSocketHandler::selected_subprotocol() const {
  return endpoint_->subprotocol();
}

}  // namespace coroom
