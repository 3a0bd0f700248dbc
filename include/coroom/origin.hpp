#pragma once

#include <coroom/request.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroom {

/// An origin in a canonical form, so that two origins can be compared (RFC 6454 section 6.2).
struct Origin {
  /// Scheme. Empty for the opaque origin `null`, which sandboxed frames and local files have.
  std::string scheme = {};

  /// Host. For the schemes of the web, an address, or a DNS name that may end with a dot. For others, such as
  /// "app" and "file", it may also be other text or empty.
  std::string host = {};

  /// Port. Never empty for http, https, ws and wss.
  std::string port = {};
};

/// Returns the origin that a field Origin names. Returns nullopt for other text, such as a URL with a path.
[[nodiscard]] std::optional<Origin> parse_origin(std::string_view text);

/// Returns whether an http or https origin has the host and port to which the request was sent. The origin
/// must be https if the request used TLS. Without TLS both are accepted: a proxy that is not configured as
/// trusted may have terminated TLS.
[[nodiscard]] bool is_same_origin(const Origin& origin, const Request& request);

/// Returns the header fields that allow a page of another origin to read the response (Fetch standard, CORS
/// protocol). Returns none if the request has no Origin field. The caller has checked the origin.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> cross_origin_fields(const Request& request);

}  // namespace coroom
