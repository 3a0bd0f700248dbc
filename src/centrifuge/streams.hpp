#pragma once

#include <coroom/centrifuge.hpp>

#include <memory>
#include <vector>

namespace coroom::detail::centrifuge {

/// Returns the routes /connection/sse, /connection/http_stream and /emulation.
std::vector<Route> stream_routes(std::shared_ptr<const CentrifugeSettings> settings);

}  // namespace coroom::detail::centrifuge
