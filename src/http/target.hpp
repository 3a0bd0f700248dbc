#pragma once

#include <coroom/error.hpp>
#include <coroom/request.hpp>

#include <string>
#include <string_view>

namespace coroom::detail::http {

/// The target and the path of an OPTIONS for the server as a whole (RFC 9112 section 3.2.4).
inline constexpr std::string_view server_itself = "*";

/// Takes a request target apart: fills path and query of the request, both percent-decoded. Understands the
/// origin form, the absolute form with a host, and that of the server itself (RFC 9112 section 3.2); none has
/// a fragment. What clients leave unencoded is taken as if it were encoded: `|`, `[`, a lone `%`, UTF-8
/// (URL Standard). In the query a plus sign is a space, as forms send it. Fails for anything else, and for
/// more than 1,000 parameters.
Result<> parse_target(std::string_view target, Request& request);

/// Fails unless the request names one host, as HTTP/1.1 demands (RFC 9112 section 3.2).
Result<> check_host(const Request& request);

/// Fills the fields of a form, as a browser sends them in the body of POST, PUT or PATCH:
/// application/x-www-form-urlencoded. What a simple client has left unencoded is taken as it is. An error:
/// there are more than 1,000.
Result<> parse_form(Request& request);

/// Part of a path, decoded; as it is where it can't be.
std::string percent_decoded(const std::string& text);

/// A path as a URL has it; slashes stay.
std::string percent_encoded(std::string_view path);

}  // namespace coroom::detail::http
