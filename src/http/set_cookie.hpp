#pragma once

#include <coroom/cookie_options.hpp>

#include <string>
#include <string_view>

namespace coroom::detail::http {

/// The value of Set-Cookie (RFC 6265bis section 4.1). A max_age that is not above zero has the browser forget
/// the cookie. Throws std::invalid_argument for what may not be sent, or what a browser would drop.
std::string set_cookie(std::string_view name, std::string_view value, const CookieOptions& options);

}  // namespace coroom::detail::http
