#pragma once

#include <coroom/request.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace coroom::detail::http {

/// An origin in the one form in which two can be compared (RFC 6454 section 6.2).
struct Origin {
  std::string scheme;  ///< empty: the opaque origin `null`, of sandboxed frames and of files on a disk
  std::string host;  ///< of http and https an address, or a name none of whose labels is empty, which may end
                     ///< with a dot; of other schemes, such as `app://.` and `file://`, also something else
                     ///< or nothing
  std::string port;  ///< of http and https always there
};

/// Returns nullopt for what is no origin: a URL with a path, say.
std::optional<Origin> parse_origin(std::string_view text);

/// Returns whether an origin of http or https has the host and port that the request was sent to, and is of
/// https if the request came by TLS. A request without TLS may be of either: a proxy that nobody named may
/// have spoken TLS for us.
bool is_same_origin(const Origin& origin, const Request& request);

}  // namespace coroom::detail::http
