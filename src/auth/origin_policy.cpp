#include "auth/origin_policy.hpp"

#include "http/origin.hpp"

#include <algorithm>

namespace coroom::auth {

Result<OriginPolicy> OriginPolicy::make(const std::vector<std::string>& allowed) {
  OriginPolicy policy;
  for (const std::string& entry : allowed) {
    if (entry == "*") {
      policy.all_ = true;
    } else if (const auto origin = http::parse_origin(entry)) {
      policy.allowed_.push_back(origin->text());
    } else {
      return failure("'" + entry + "' is not an origin such as https://chat.example.org, nor *");
    }
  }
  return policy;
}

bool OriginPolicy::allows(const Request& request) const {
  const auto header = request.headers.get("Origin");
  if (all_ || !header) return true;
  const auto origin = http::parse_origin(*header);
  if (!origin) return false;
  if (std::ranges::find(allowed_, origin->text()) != allowed_.end()) return true;
  return http::is_same_origin(*origin, request);
}

}  // namespace coroom::auth
