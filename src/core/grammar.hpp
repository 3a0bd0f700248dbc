#pragma once

#include <string>
#include <string_view>

namespace coroom::detail {

/// Returns the text with the letters A to Z in lower case. The locale does not matter.
std::string lower_case(std::string_view text);

/// Returns whether the text begins with a prefix; the case of letters does not matter.
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);

/// Returns the text without the spaces and tabs around it (RFC 9110 section 5.6.3).
std::string_view trimmed(std::string_view text);

/// Returns whether a Content-Type field has this media type, with any parameters (RFC 9110 section 8.3.1).
bool is_media_type(std::string_view content_type, std::string_view media_type);

/// Returns whether the text is a token: the name of a header field, a method or a cookie (RFC 9110
/// section 5.6.2).
bool is_http_token(std::string_view text);

/// Returns whether the text can be the value of a header field. It must not contain CR, LF or NUL, which
/// would end the field, or another control character except the tab (RFC 9110 section 5.5).
bool is_field_value(std::string_view text);

/// Returns whether the text can be the value of a cookie, with or without quotes around it (RFC 6265
/// section 4.1.1).
bool is_cookie_value(std::string_view text);

/// Returns whether the text can be the value of a cookie's attribute (RFC 6265 section 4.1.1: av-octets).
bool is_cookie_attribute(std::string_view text);

}  // namespace coroom::detail
