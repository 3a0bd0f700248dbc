#pragma once

#include "auth/origin_pattern.hpp"

#include <coroom/error.hpp>
#include <coroom/request.hpp>

#include <string>
#include <vector>

namespace coroom::detail::auth {

/// Which pages' scripts may open a WebSocket here (RFC 6455 section 10.2). Without a list: those that this
/// very server served, by host and port. A request without Origin is no browser's, and passes.
class OriginPolicy {
 public:
  /// Each entry is an origin, `https://example.org`, a pattern of them, `https://*.example.org`, or `*` for
  /// all. Fails on one that is none of these, naming it.
  static Result<OriginPolicy> make(const std::vector<std::string>& allowed);

  [[nodiscard]] bool allows(const Request& request) const;

  /// Returns the sources of a Content-Security-Policy for the same pages, and this server's own: those that
  /// may have its page in a frame.
  [[nodiscard]] std::string policy_sources() const;

 private:
  bool all_ = false;
  std::vector<OriginPattern> allowed_;
};

}  // namespace coroom::detail::auth
