#pragma once

#include "auth/origin_policy.hpp"
#include "server/namespaces.hpp"

#include <coroom/application.hpp>
#include <coroom/compression.hpp>

#include <memory>
#include <optional>

namespace coroom::server {

/// The endpoint /chat: plain text over WebSocket, one line an event, for everybody in a room. `?room=NAME`
/// picks the room. What a client sends as text is said; what it sends as binary is passed on to all as it is.
/// Who may not subscribe is answered 403; who may not publish is closed (3507). `compression` is offered to
/// clients if it is set.
Route chat_route(std::shared_ptr<const Namespaces> namespaces, auth::OriginPolicy origins,
                 std::optional<CompressionOptions> compression);

}  // namespace coroom::server
