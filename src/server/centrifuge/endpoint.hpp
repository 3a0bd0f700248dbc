#pragma once

#include "auth/origin_policy.hpp"
#include "server/centrifuge/client.hpp"

#include <coroom/application.hpp>
#include <coroom/compression.hpp>

#include <memory>
#include <optional>

namespace coroom::server::centrifuge {

/// The endpoint /connection/websocket: the Centrifuge JSON protocol, version 2. `compression` is offered to
/// clients if it is set.
Route websocket_route(std::shared_ptr<const Service> service, auth::OriginPolicy origins,
                      std::optional<CompressionOptions> compression);

}  // namespace coroom::server::centrifuge
