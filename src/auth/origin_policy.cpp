#include "auth/origin_policy.hpp"

#include <coroom/origin.hpp>

#include <algorithm>
#include <utility>

namespace coroom::detail::auth {

Result<OriginPolicy> OriginPolicy::make(const std::vector<std::string>& allowed) {
  OriginPolicy policy;
  for (const std::string& entry : allowed) {
    if (entry == "*") {
      policy.all_ = true;
    } else if (auto pattern = OriginPattern::parse(entry)) {
      policy.allowed_.push_back(std::move(*pattern));
    } else {
      return failure("'" + entry +
                     "' is neither * nor an origin such as https://example.org, https://*.example.org, "
                     "app://NAME, file:// or null");
    }
  }
  return policy;
}

bool OriginPolicy::allows(const Request& request) const {
  if (all_ || !request.headers.get("Origin")) return true;
  const auto origin = parse_origin(request.headers.list("Origin"));  // two are not an origin
  if (!origin) return false;
  const auto names = [&](const OriginPattern& pattern) { return pattern.matches(*origin); };
  return std::ranges::any_of(allowed_, names) || is_same_origin(*origin, request);
}

std::string OriginPolicy::policy_sources() const {
  std::string sources = "'self'";
  if (all_) sources += " *";
  for (const OriginPattern& pattern : allowed_) {
    const std::string source = pattern.policy_source();
    if (!source.empty()) sources.append(" ").append(source);
  }
  return sources;
}

}  // namespace coroom::detail::auth
