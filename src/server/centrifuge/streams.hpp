#pragma once

#include "auth/origin_policy.hpp"
#include "server/centrifuge/client.hpp"

#include <coroom/application.hpp>

#include <memory>
#include <vector>

namespace coroom::server::centrifuge {

/// For networks that let no WebSocket through: /connection/sse and /connection/http_stream answer with what
/// the server says, as server-sent events and as lines, and POST /emulation takes what the client says.
std::vector<Route> stream_routes(std::shared_ptr<const Service> service, auth::OriginPolicy origins);

}  // namespace coroom::server::centrifuge
