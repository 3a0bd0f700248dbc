#pragma once

#include <coroom/centrifuge.hpp>

#include <memory>
#include <vector>

namespace coroom::centrifuge {

/// /connection/sse, /connection/http_stream and /emulation.
std::vector<Route> stream_routes(std::shared_ptr<const CentrifugeSettings> settings);

}  // namespace coroom::centrifuge
