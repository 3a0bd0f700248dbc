#pragma once

#include <coroom/request.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace coroom::detail::http {

/// An origin in a canonical form, so that two origins can be compared (RFC 6454 section 6.2).
struct Origin {
  std::string scheme;  ///< empty: the opaque origin `null`, of sandboxed frames and local files
  std::string host;    ///< web schemes: an address, or a DNS name, possibly with a final dot; others, such as
                       ///< `app://.` and `file://`: also other text or none
  std::string port;    ///< never empty for http, https, ws and wss
};

/// Returns nullopt for other text, such as a URL with a path.
std::optional<Origin> parse_origin(std::string_view text);

/// Returns whether an http or https origin has the host and port to which the request was sent. The origin
/// must be https if the request used TLS. Without TLS both are accepted: a proxy that is not configured as
/// trusted may have terminated TLS.
bool is_same_origin(const Origin& origin, const Request& request);

}  // namespace coroom::detail::http
