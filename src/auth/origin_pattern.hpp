#pragma once

#include "http/origin.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace coroom::detail::auth {

/// One origin, `https://example.org`, `app://.`, `file://` or `null`; or all whose host stands below a name:
/// `https://*.example.org`, where the star is one label or more; or all of a scheme that is not the web's:
/// `moz-extension://*`. Scheme and port are exact; without a port it is the scheme's own.
class OriginPattern {
 public:
  /// nullopt for what no origin could match, and for a star anywhere else.
  static std::optional<OriginPattern> parse(std::string_view text);

  [[nodiscard]] bool matches(const http::Origin& origin) const;

  /// Returns the same as a source of a Content-Security-Policy (CSP Level 3 section 2.3.1). Empty where that
  /// has none: for `null` and for addresses of IPv6. Of schemes that are not the web's it is the whole
  /// scheme.
  [[nodiscard]] std::string policy_source() const;

 private:
  enum class Hosts {
    named,
    below,  ///< the name, which begins with the dot behind the star
    any
  };

  OriginPattern(http::Origin named, Hosts hosts) : named_(std::move(named)), hosts_(hosts) {}

  static std::optional<OriginPattern> make(std::optional<http::Origin> origin, Hosts hosts);

  http::Origin named_;
  Hosts hosts_;
};

}  // namespace coroom::detail::auth
