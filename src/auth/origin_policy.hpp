#pragma once

#include "auth/origin_pattern.hpp"

#include <coroom/error.hpp>
#include <coroom/request.hpp>

#include <string>
#include <vector>

namespace coroom::detail::auth {

/// The origins of pages whose scripts may open a WebSocket here (RFC 6455 section 10.2). Without a list:
/// pages of this server, by host and port. A request without Origin does not come from a browser, and is
/// allowed.
class OriginPolicy {
 public:
  /// Each entry is an origin (`https://example.org`), a pattern (`https://*.example.org`) or `*` for all.
  /// Fails on any other entry and names it.
  static Result<OriginPolicy> make(const std::vector<std::string>& allowed);

  [[nodiscard]] bool allows(const Request& request) const;

  /// Returns the sources of a Content-Security-Policy for the pages that may embed this server's page in a
  /// frame. These are the allowed origins and this server itself.
  [[nodiscard]] std::string policy_sources() const;

 private:
  bool all_ = false;
  std::vector<OriginPattern> allowed_;
};

}  // namespace coroom::detail::auth
