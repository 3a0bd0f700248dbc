#pragma once

#include <coroom/application.hpp>

#include <string>
#include <vector>

namespace coroom::server {

/// /health, which answers `{}` to everybody while the server serves, and /metrics, for Prometheus: for who
/// is on this machine, and for who has the token, if there is one, as `Authorization: Bearer TOKEN`.
std::vector<Route> operations_routes(std::string metrics_token);

}  // namespace coroom::server
