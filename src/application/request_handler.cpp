#include "application/handler_context.hpp"
#include "core/grammar.hpp"
#include "core/thrown.hpp"

#include <coroom/log.hpp>
#include <coroom/request_handler.hpp>

#include <boost/json/serialize.hpp>

#include <array>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <variant>

namespace coroom {
namespace detail::application {

detail::http::Response RequestContext::take_response() {
  for (auto& [name, field] : cookies) response.headers.add("Set-Cookie", std::move(field));
  cookies.clear();
  return std::move(response);
}

void RequestContext::forget_body() {
  request.body = std::string();
  request.form = Request::Parameters();
}

}  // namespace detail::application

namespace {

// The fields that describe a body (RFC 9110 section 8), removed when an error replaces the body.
constexpr std::array<std::string_view, 13> fields_of_a_body = {
    "Content-Type",  "Content-Encoding",    "Content-Language", "Content-Location",
    "Content-Range", "Content-Disposition", "Content-Length",   "ETag",
    "Last-Modified", "Cache-Control",       "Expires",          "Accept-Ranges",
    "Location"};

constexpr std::size_t longest_field = 16 * 1024;  // bytes of name and value; clients and proxies reject more

// A line break in client data would begin another field or response.
void check_field(std::string_view name, std::string_view value) {
  if (!detail::is_http_token(name)) throw std::invalid_argument("the name of a header field must be a token");
  if (!detail::is_field_value(value))
    throw std::invalid_argument("control character in the header field " + std::string(name));
  if (name.size() + value.size() > longest_field)
    throw std::invalid_argument("the header field " + std::string(name) + " is longer than 16 KiB");
}

// RFC 9110 section 15. Handlers cannot send interim responses.
void check_status(unsigned status) {
  if (status < 200 || status > 599)
    throw std::invalid_argument("the status " + std::to_string(status) + " is not from 200 to 599");
}

}  // namespace

RequestHandler::RequestHandler() = default;
RequestHandler::~RequestHandler() = default;

task<> RequestHandler::prepare() {
  co_return;
}

// Methods that a program does not override are not allowed. OPTIONS lists the allowed ones (RFC 9110 section
// 9.3.7), which the dispatcher adds.
task<> RequestHandler::get() {
  throw HttpError(405);
  co_return;
}
task<> RequestHandler::post() {
  throw HttpError(405);
  co_return;
}
task<> RequestHandler::put() {
  throw HttpError(405);
  co_return;
}
task<> RequestHandler::patch() {
  throw HttpError(405);
  co_return;
}
task<> RequestHandler::delete_() {
  throw HttpError(405);
  co_return;
}
task<> RequestHandler::options() {
  set_status(204);
  request_context().tells_allowed = true;
  co_return;
}

void RequestHandler::on_sent(const Sent& /*sent*/) {}

void RequestHandler::write_error(const HttpError& error) {
  set_header("Content-Type", "text/plain; charset=utf-8");
  write(error.reason());
  write("\n");
}

detail::application::HandlerContext& RequestHandler::handler_context() const {
  if (!context_)
    throw std::logic_error("a handler has no request before prepare(), such as in its constructor");
  return *context_;
}

detail::application::RequestContext& RequestHandler::request_context() const {
  if (!handler_context().request) throw std::logic_error("the handler has released its request");
  return *context_->request;
}

detail::application::RequestContext& RequestHandler::unanswered() const {
  if (request_context().phase != detail::application::RequestContext::Phase::open)
    throw std::logic_error("the response is complete and can no longer be changed");
  return request_context();
}

const Request& RequestHandler::request() const {
  return request_context().request;
}

Application& RequestHandler::application() const {
  return handler_context().application;
}

const std::vector<std::string>& RequestHandler::path_arguments() const {
  return request_context().path_arguments;
}

std::optional<std::string> RequestHandler::get_argument(std::string_view name) const {
  std::vector<std::string> all = get_arguments(name);
  if (all.empty()) return std::nullopt;
  return std::move(all.back());
}

std::string RequestHandler::get_argument(std::string_view name, std::string_view fallback) const {
  return get_argument(name).value_or(std::string(fallback));
}

std::vector<std::string> RequestHandler::get_arguments(std::string_view name) const {
  std::vector<std::string> found;
  for (const auto* parameters : {&request_context().request.query, &request_context().request.form}) {
    for (const auto& [key, value] : *parameters) {
      if (key == name) found.push_back(value);
    }
  }
  return found;
}

std::optional<std::string> RequestHandler::get_cookie(std::string_view name) const {
  const auto value = request_context().request.cookie(name);
  if (!value) return std::nullopt;
  return std::string(*value);
}

void RequestHandler::charge(std::size_t messages) {
  // A charge over the limit is not counted; the next request of the address is rejected anyway.
  if (request_context().quota)
    std::ignore = request_context().quota->take(messages, 0, std::chrono::steady_clock::now());
}

void RequestHandler::set_status(unsigned status) {
  check_status(status);
  unanswered().response.status = status;
}

unsigned RequestHandler::status() const {
  return request_context().response.status;
}

void RequestHandler::clear_header(std::string_view name) {
  unanswered().response.headers.remove(name);
}

void RequestHandler::set_header(std::string name, std::string value) {
  check_field(name, value);
  unanswered().response.headers.set(std::move(name), std::move(value));
}

void RequestHandler::add_header(std::string name, std::string value) {
  check_field(name, value);
  unanswered().response.headers.add(std::move(name), std::move(value));
}

void RequestHandler::write(std::string_view text) {
  detail::http::Response& response = unanswered().response;
  if (!response.headers.get("Content-Type")) response.headers.add("Content-Type", "text/html; charset=utf-8");
  if (!std::holds_alternative<std::string>(response.body)) response.body = std::string(response.bytes());
  std::get<std::string>(response.body).append(text);
}

void RequestHandler::write(const boost::json::value& value) {
  if (!unanswered().response.headers.get("Content-Type")) set_header("Content-Type", "application/json");
  write(std::string_view(boost::json::serialize(value)));
}

void RequestHandler::redirect(std::string url, bool permanent) {
  set_status(permanent ? 301 : 302);
  set_header("Location", std::move(url));
  finish();
}

void RequestHandler::send_error(unsigned status, std::string_view reason, const Headers& headers) {
  std::ignore = unanswered();
  for (const auto& [name, value] : headers) check_field(name, value);
  answer_error(HttpError(status, std::string(reason), headers));
}

void RequestHandler::answer_error(const HttpError& error) {
  detail::http::Response& response = request_context().response;
  request_context().phase = detail::application::RequestContext::Phase::open;
  const auto begin = [&] {
    for (const std::string_view name : fields_of_a_body) response.headers.remove(name);
    response.body = std::string();
    response.status = error.status();
    response.cause = error.reason();
  };
  begin();
  try {
    set_default_headers();
    for (const auto& [name, value] : error.headers()) set_header(name, value);
    write_error(error);
  } catch (...) {
    logging::error("write_error() threw", {{"error", detail::what_of(std::current_exception())}});
    begin();
    RequestHandler::write_error(error);
  }
  request_context().phase = detail::application::RequestContext::Phase::finished;
}

void RequestHandler::finish() {
  unanswered().phase = detail::application::RequestContext::Phase::finished;
}

bool RequestHandler::finished() const {
  return request_context().phase == detail::application::RequestContext::Phase::finished;
}

}  // namespace coroom
