#pragma once

#include <coroom/error.hpp>
#include <coroom/request.hpp>

#include <string>
#include <string_view>

namespace coroom::detail::http {

/// The target and the path of an OPTIONS request for the whole server (RFC 9112 section 3.2.4).
inline constexpr std::string_view server_itself = "*";

/// Parses a request target, and sets the path and the query of the request, both percent-decoded. Accepts the
/// origin form, the absolute form with a host, and "*" for OPTIONS (RFC 9112 section 3.2), all without a
/// fragment. Characters that clients leave unencoded are accepted: `|`, `[`, a lone `%`, UTF-8 (URL
/// Standard). In the query a plus sign means a space, as in forms. Fails for any other text, and for more
/// than 1,000 parameters.
Result<> parse_target(std::string_view target, Request& request);

/// Fails unless the request names exactly one valid host, as HTTP/1.1 requires (RFC 9112 section 3.2). In
/// HTTP/1.0 the field may be missing.
Result<> check_host(const Request& request);

/// Parses a form in the body of POST, PUT or PATCH, as browsers send it: application/x-www-form-urlencoded.
/// Characters that simple clients leave unencoded are accepted. Fails for more than 1,000 parameters.
Result<> parse_form(Request& request);

/// Decodes a part of a path. Returns invalid encodings unchanged.
std::string percent_decoded(const std::string& text);

/// Encodes a path for a URL. Slashes stay unchanged.
std::string percent_encoded(std::string_view path);

}  // namespace coroom::detail::http
