#pragma once

#include <coroom/origin.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace coroom::detail::auth {

/// A pattern of origins: one origin (`https://example.org`, `app://.`, `file://` or `null`), or one of two
/// kinds of sets. `https://*.example.org` is all hosts below a name; the star is one label or more.
/// `moz-extension://*` is all origins of a scheme that is not the web's. Scheme and port are exact; without a
/// port it is the scheme's default.
class OriginPattern {
 public:
  /// Returns nullopt for a text that no origin could match, and for a star anywhere else.
  static std::optional<OriginPattern> parse(std::string_view text);

  [[nodiscard]] bool matches(const Origin& origin) const;

  /// Returns the pattern as a source of a Content-Security-Policy (CSP Level 3 section 2.3.1). Empty where
  /// the policy has no such source: for `null` and for IPv6 addresses. For a scheme that is not the web's it
  /// is the whole scheme.
  [[nodiscard]] std::string policy_source() const;

 private:
  enum class Hosts {
    named,
    below,  ///< the name, which begins with the dot behind the star
    any
  };

  OriginPattern(Origin named, Hosts hosts) : named_(std::move(named)), hosts_(hosts) {}

  static std::optional<OriginPattern> make(std::optional<Origin> origin, Hosts hosts);

  Origin named_;
  Hosts hosts_;
};

}  // namespace coroom::detail::auth
