#pragma once

#include <coroom/error.hpp>

#include <string>
#include <string_view>

namespace coroom::detail::websocket {

/// Where a client connects to: the parts of a `ws://` or `wss://` URL (RFC 6455 section 3).
struct ClientTarget {
  ClientTarget() = default;

  bool secure = false;
  std::string host;       ///< a name or an address, an IPv6 one without its brackets
  std::string port;       ///< in digits
  std::string authority;  ///< the field Host: without the scheme's own port
  std::string path;       ///< path and query: the request's target
  std::string name;       ///< for messages: the URL without its query, which may hold a secret
};

/// The parts of the URL, or why it is none.
Result<ClientTarget> parse_client_target(std::string_view url);

}  // namespace coroom::detail::websocket
