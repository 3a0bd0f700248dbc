#pragma once

#include "core/url_target.hpp"

#include <coroom/error.hpp>

#include <string_view>

namespace coroom::detail::websocket {

/// The target of a client's connection: the parts of a `ws://` or `wss://` URL (RFC 6455 section 3).
using ClientTarget = detail::UrlTarget;

/// Parses a URL; the error names the part that is invalid.
Result<ClientTarget> parse_client_target(std::string_view url);

}  // namespace coroom::detail::websocket
