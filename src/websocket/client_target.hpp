#pragma once

#include <coroom/error.hpp>

#include <string>
#include <string_view>

namespace coroom::detail::websocket {

/// The target of a client's connection: the parts of a `ws://` or `wss://` URL (RFC 6455 section 3).
struct ClientTarget {
  ClientTarget() = default;

  bool secure = false;
  std::string host;       ///< a name or an address; an IPv6 address has no brackets
  std::string port;       ///< decimal digits
  std::string authority;  ///< the Host field; without the port if it is the scheme's default
  std::string path;       ///< the request target: path and query
  std::string name;       ///< for error messages: the URL without its query, which may hold a secret
};

/// Parses a URL; the error names the part that is invalid.
Result<ClientTarget> parse_client_target(std::string_view url);

}  // namespace coroom::detail::websocket
