#pragma once

#include "http/response.hpp"

#include <coroom/framing.hpp>

#include <string>

namespace coroom::detail::application {

/// Returns the head of a response that does not end: status line, the fields of `answer`, and the fields that
/// a stream needs. Its body ends with the connection (RFC 9112 section 6.3).
std::string stream_head(http::Response answer, Framing::Kind framing);

}  // namespace coroom::detail::application
