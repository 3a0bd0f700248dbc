#pragma once

#include <coroom/centrifuge.hpp>

#include <memory>

namespace coroom::detail::centrifuge {

/// Returns the route /connection/websocket.
Route websocket_route(std::shared_ptr<const CentrifugeSettings> settings);

}  // namespace coroom::detail::centrifuge
