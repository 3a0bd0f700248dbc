#include "auth/origin_pattern.hpp"

#include <string>
#include <utility>

namespace coroom::detail::auth {

std::optional<OriginPattern> OriginPattern::parse(std::string_view text) {
  constexpr std::string_view any_host = "://*";
  constexpr std::string_view star = "://*.";
  if (text.ends_with(any_host)) {
    // Only schemes that are not the web's may have any host; for others the pattern would match everything.
    text.remove_suffix(1);
    return make(parse_origin(text), Hosts::any);
  }
  const auto start = text.find(star);
  if (start == text.npos) return make(parse_origin(text), Hosts::named);
  // The rest is valid if it is valid behind a label.
  std::string example(text);
  const std::string_view label = "x";
  example.replace(text.find('*', start), 1, label);
  auto origin = parse_origin(example);
  if (!origin) return std::nullopt;
  origin->host.erase(0, label.size());
  return origin->host == "." ? std::nullopt : make(std::move(origin), Hosts::below);
}

std::optional<OriginPattern> OriginPattern::make(std::optional<Origin> origin, Hosts hosts) {
  return origin ? std::optional(OriginPattern(std::move(*origin), hosts)) : std::nullopt;
}

bool OriginPattern::matches(const Origin& origin) const {
  if (origin.scheme != named_.scheme) return false;
  if (hosts_ == Hosts::any) return true;
  if (origin.port != named_.port) return false;
  if (hosts_ == Hosts::named) return origin.host == named_.host;
  return origin.host.ends_with(named_.host) && origin.host.size() > named_.host.size();
}

std::string OriginPattern::policy_source() const {
  if (named_.scheme.empty()) return {};
  if (named_.scheme != "http" && named_.scheme != "https") return named_.scheme + ":";
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789-.";
  if (named_.host.find_first_not_of(letters) != std::string::npos) return {};
  return named_.scheme + "://" + (hosts_ == Hosts::below ? "*" : "") + named_.host + ":" + named_.port;
}

}  // namespace coroom::detail::auth
