#pragma once

#include <coroom/http_error.hpp>
#include <coroom/request.hpp>

#include <optional>

namespace coroom::detail::application {

/// Returns the error for a request that cannot become a WebSocket (RFC 6455 section 4.2.1), or nullopt. The
/// status is 400 if the request is no upgrade or has no valid key, and 426 for another version of the
/// protocol.
std::optional<HttpError> refuse_upgrade(const Request& request);

}  // namespace coroom::detail::application
