#pragma once

#include <string_view>

namespace coroom::detail {

/// The name of a header field, a method or a cookie: a token (RFC 9110 section 5.6.2).
bool is_http_token(std::string_view text);

/// What a header field may hold: no CR, LF or NUL, which would end it, and no other control character but the
/// tab (RFC 9110 section 5.5).
bool is_field_value(std::string_view text);

/// The value of a cookie, between quotes perhaps (RFC 6265 section 4.1.1).
bool is_cookie_value(std::string_view text);

/// The value of a cookie's attribute (RFC 6265 section 4.1.1: av-octets).
bool is_cookie_attribute(std::string_view text);

}  // namespace coroom::detail
