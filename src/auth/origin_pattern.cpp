#include "auth/origin_pattern.hpp"

#include <string>
#include <utility>

namespace coroom::auth {

std::optional<OriginPattern> OriginPattern::parse(std::string_view text) {
  constexpr std::string_view star = "://*.";
  const auto start = text.find(star);
  if (start == text.npos) {
    auto origin = http::parse_origin(text);
    return origin ? std::optional(OriginPattern(std::move(*origin))) : std::nullopt;
  }
  // What may stand behind the star is what may stand behind a label.
  std::string example(text);
  const std::string_view label = "x";
  example.replace(text.find('*', start), 1, label);
  auto origin = http::parse_origin(example);
  if (!origin) return std::nullopt;
  origin->host.erase(0, label.size());
  if (origin->host == ".") return std::nullopt;
  return OriginPattern(std::move(*origin));
}

bool OriginPattern::matches(const http::Origin& origin) const {
  if (origin.scheme != named_.scheme || origin.port != named_.port) return false;
  if (!named_.host.starts_with('.')) return origin.host == named_.host;
  return origin.host.ends_with(named_.host);  // and something stands before it: no label of a host is empty
}

}  // namespace coroom::auth
