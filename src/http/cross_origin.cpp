#include "http/cross_origin.hpp"

namespace coroom::detail::http {

std::vector<std::pair<std::string, std::string>> cross_origin_fields(const Request& request) {
  const auto origin = request.headers.get("Origin");
  if (!origin) return {};
  return {{"Access-Control-Allow-Origin", std::string(*origin)},
          {"Access-Control-Allow-Credentials", "true"},
          {"Access-Control-Allow-Methods", "GET, POST, OPTIONS"},
          {"Access-Control-Allow-Headers", "Accept, Content-Type"},
          {"Access-Control-Max-Age", "300"},
          {"Vary", "Origin"}};
}

}  // namespace coroom::detail::http
