#pragma once

#include <coroom/cookie_options.hpp>

#include <string>
#include <string_view>

namespace coroom::detail::web {

/// Returns the value of a Set-Cookie field (RFC 6265bis section 4.1). A max_age of zero or less makes the
/// browser delete the cookie. Throws std::invalid_argument for an invalid cookie, or one that browsers would
/// ignore.
std::string set_cookie(std::string_view name, std::string_view value, const CookieOptions& options);

}  // namespace coroom::detail::web
