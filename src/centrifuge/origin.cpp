#include "centrifuge/origin.hpp"

#include <coroom/origin.hpp>

namespace coroom::detail::centrifuge {

bool is_origin_allowed(const CentrifugeSettings& settings, const Request& request) {
  if (settings.check_origin) return settings.check_origin(request);
  if (!request.headers.get("Origin")) return true;
  const auto origin = parse_origin(request.headers.list("Origin"));  // two fields are not an origin
  return origin && is_same_origin(*origin, request);
}

}  // namespace coroom::detail::centrifuge
