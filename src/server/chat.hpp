#pragma once

#include "auth/origin_policy.hpp"
#include "auth/trusted_proxies.hpp"
#include "core/counters.hpp"
#include "http/message.hpp"
#include "protocol/plain_encoder.hpp"
#include "room/hub.hpp"
#include "websocket/settings.hpp"

#include <coroom/task.hpp>

namespace coroom::server {

/// The endpoint /chat: plain text over WebSocket, one line an event, for everybody in a room. `?room=NAME`
/// picks the room. What a client sends as text is said; what it sends as binary is passed on to all as it is.
class Chat {
 public:
  struct Parts {
    room::Hub& hub;
    const auth::OriginPolicy& origins;
    const auth::TrustedProxies& proxies;
    const websocket::Settings& settings;
    Counters& counters;
  };

  /// All parts outlive the endpoint, and the endpoint its sessions.
  explicit Chat(Parts parts) : parts_(parts) {}

  /// Handles GET /chat.
  [[nodiscard]] http::Reply respond(http::Request request) const;

 private:
  Parts parts_;
  protocol::PlainEncoder encoder_;
};

}  // namespace coroom::server
