#pragma once

#include "http/origin.hpp"

#include <optional>
#include <string_view>
#include <utility>

namespace coroom::auth {

/// One origin, `https://example.org`, or all whose host stands below a name: `https://*.example.org`, where
/// the star is one label or more. Scheme and port are exact; without a port it is the scheme's own.
class OriginPattern {
 public:
  /// nullopt for what no origin could match, and for a star anywhere else.
  static std::optional<OriginPattern> parse(std::string_view text);

  [[nodiscard]] bool matches(const http::Origin& origin) const;

 private:
  explicit OriginPattern(http::Origin named) : named_(std::move(named)) {}

  http::Origin named_;  // with a star, its host begins with the dot behind it
};

}  // namespace coroom::auth
