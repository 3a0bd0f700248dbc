#pragma once

#include "http/message.hpp"

#include <coroom/error.hpp>

#include <string_view>

namespace coroom::http {

/// Takes a request target apart: fills path and query of the request, both percent-decoded. Understands the
/// origin form and the absolute form (RFC 9112 section 3.2). In the query a plus sign is a space, as forms
/// send it.
Result<> parse_target(std::string_view target, Request& request);

}  // namespace coroom::http
