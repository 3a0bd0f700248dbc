#include "web/set_cookie.hpp"

#include "core/grammar.hpp"

#include <stdexcept>

namespace coroom::detail::web {
namespace {

constexpr std::string_view long_ago = "Thu, 01 Jan 1970 00:00:00 GMT";

const char* name_of(SameSite same_site) {
  switch (same_site) {
    case SameSite::strict:
      return "Strict";
    case SameSite::lax:
      return "Lax";
    case SameSite::none:
      break;
  }
  return "None";
}

// The messages quote no part of a rejected value, which may be secret or contain control characters.
void check(std::string_view name, std::string_view value, const CookieOptions& options) {
  if (!detail::is_http_token(name)) throw std::invalid_argument("a cookie's name must be a token");
  if (!detail::is_cookie_value(value))
    throw std::invalid_argument("a cookie's value contains an invalid character");
  if (!detail::is_cookie_attribute(options.path) || !detail::is_cookie_attribute(options.domain))
    throw std::invalid_argument("a cookie's path or domain contains an invalid character");
  if (options.same_site == SameSite::none && !options.secure)
    throw std::invalid_argument("a cookie with SameSite=None must be secure");
  // RFC 6265bis section 4.1.3.
  if (name.starts_with("__Secure-") && !options.secure)
    throw std::invalid_argument("a cookie whose name begins with __Secure- must be secure");
  if (name.starts_with("__Host-") && !(options.secure && options.path == "/" && options.domain.empty()))
    throw std::invalid_argument(
        "a cookie whose name begins with __Host- must be secure, with the path / and no domain");
}

}  // namespace

std::string set_cookie(std::string_view name, std::string_view value, const CookieOptions& options) {
  check(name, value, options);
  std::string field;
  field.append(name).append("=").append(value);
  if (options.max_age && options.max_age->count() > 0) {
    field.append("; Max-Age=").append(std::to_string(options.max_age->count()));
  } else if (options.max_age) {
    field.append("; Expires=").append(long_ago);  // Max-Age=0 is not valid in the grammar
  }
  if (!options.domain.empty()) field.append("; Domain=").append(options.domain);
  if (!options.path.empty()) field.append("; Path=").append(options.path);
  if (options.secure) field.append("; Secure");
  if (options.http_only) field.append("; HttpOnly");
  if (options.same_site) field.append("; SameSite=").append(name_of(*options.same_site));
  return field;
}

}  // namespace coroom::detail::web
