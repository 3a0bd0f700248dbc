#pragma once

#include "auth/origin_policy.hpp"

#include <coroom/application.hpp>

namespace coroom::server {

/// The endpoint /chat: plain text over WebSocket, one line an event, for everybody in a room. `?room=NAME`
/// picks the room. What a client sends as text is said; what it sends as binary is passed on to all as it is.
Route chat_route(auth::OriginPolicy origins);

}  // namespace coroom::server
