#pragma once

#include <coroom/application.hpp>

#include <string>
#include <vector>

namespace coroom::server {

/// Returns the routes /health and /metrics. /health answers `{}` to all clients while the server runs.
/// /metrics serves Prometheus: requests from this machine, and requests with `Authorization: Bearer TOKEN` if
/// there is a token.
std::vector<Route> operations_routes(std::string metrics_token);

}  // namespace coroom::server
