#include "application/handler_context.hpp"
#include "web/set_cookie.hpp"

#include <coroom/request_handler.hpp>
#include <coroom/site.hpp>

#include <chrono>
#include <stdexcept>
#include <string>

// The members of RequestHandler that only programs with pages use. None of them is virtual, so that a program
// without a call of them does not need this library.
namespace coroom {

void RequestHandler::set_cookie(std::string_view name, std::string_view value, const CookieOptions& options) {
  unanswered().cookies.insert_or_assign(std::string(name), detail::web::set_cookie(name, value, options));
}

void RequestHandler::clear_cookie(std::string_view name, std::string_view path, std::string_view domain) {
  CookieOptions options;
  options.path = path;
  options.domain = domain;
  options.max_age = std::chrono::seconds(0);
  // Browsers accept only secure cookies of these names (RFC 6265bis section 4.1.3).
  options.secure = name.starts_with("__Secure-") || name.starts_with("__Host-");
  set_cookie(name, "", options);
}

void RequestHandler::render(std::string_view name, const boost::json::value& context) {
  const auto text = render_string(name, context);
  if (!text) throw std::runtime_error(text.error().message);
  write(*text);
  finish();
}

Result<std::string> RequestHandler::render_string(std::string_view name,
                                                  const boost::json::value& context) const {
  const auto& site = handler_context().services.site;
  if (!site) return failure("template " + std::string(name) + ": Settings::site is empty");
  return site->render_string(name, context);
}

std::string RequestHandler::static_url(std::string_view path) const {
  const auto& site = handler_context().services.site;
  if (!site) throw std::logic_error("static_url: Settings::site is empty");
  return site->static_url(path);
}

}  // namespace coroom
