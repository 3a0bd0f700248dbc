#pragma once

#include <coroom/request.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace coroom::http {

/// An origin in the one form in which two can be compared (RFC 6454 section 6.2).
struct Origin {
  std::string scheme;
  std::string host;  ///< an address, or a name none of whose labels is empty; it may end with a dot
  std::string port;  ///< always there
};

/// nullopt for what is no origin: "null", say, or a URL with a path.
std::optional<Origin> parse_origin(std::string_view text);

/// True if the origin has the host and port that the request was sent to, and is of HTTPS if the request came
/// by TLS. A request without TLS may be of either: a proxy that nobody named may have spoken TLS for us.
bool is_same_origin(const Origin& origin, const Request& request);

}  // namespace coroom::http
