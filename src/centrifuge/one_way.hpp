#pragma once

#include <coroom/centrifuge.hpp>

#include <memory>
#include <vector>

namespace coroom::detail::centrifuge {

/// Returns the routes /connection/uni_sse, /connection/uni_http_stream and /connection/uni_websocket.
std::vector<Route> one_way_routes(std::shared_ptr<const CentrifugeSettings> settings);

}  // namespace coroom::detail::centrifuge
