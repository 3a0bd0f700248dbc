#include "server/cross_origin.hpp"

namespace coroom::server {

std::vector<std::pair<std::string, std::string>> cross_origin_fields(const Request& request,
                                                                     const auth::OriginPolicy& origins) {
  const auto origin = request.headers.get("Origin");
  if (!origin || !origins.allows(request)) return {};
  return {{"Access-Control-Allow-Origin", std::string(*origin)},
          {"Access-Control-Allow-Credentials", "true"},
          {"Access-Control-Allow-Methods", "GET, POST, OPTIONS"},
          {"Access-Control-Allow-Headers", "Accept, Content-Type"},
          {"Access-Control-Max-Age", "300"},
          {"Vary", "Origin"}};
}

}  // namespace coroom::server
