#include "centrifuge/origin.hpp"

#include "http/origin.hpp"

namespace coroom::centrifuge {

bool is_origin_allowed(const CentrifugeSettings& settings, const Request& request) {
  if (settings.check_origin) return settings.check_origin(request);
  const auto field = request.headers.get("Origin");
  if (!field) return true;
  const auto origin = http::parse_origin(*field);
  return origin && http::is_same_origin(*origin, request);
}

}  // namespace coroom::centrifuge
