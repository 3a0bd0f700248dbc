#pragma once

#include "auth/origin_policy.hpp"
#include "protocol/chat_lines.hpp"
#include "server/guest_pace.hpp"
#include "server/namespaces.hpp"

#include <coroom/application.hpp>
#include <coroom/compression.hpp>
#include <coroom/token_verifier.hpp>

#include <memory>
#include <optional>

namespace coroom::server {

/// What the plain chat goes by.
struct ChatSettings {
  std::shared_ptr<const Namespaces> namespaces;
  detail::auth::OriginPolicy origins;
  std::optional<CompressionOptions> compression;  // offered to clients if it is set
  std::shared_ptr<const TokenVerifier> tokens;    // none: no token is taken
  bool anonymous = true;                          // who brings no token may enter
  std::shared_ptr<GuestPace> pace;                // of all rooms, shared with other protocols
  detail::protocol::AddressLines addresses = detail::protocol::AddressLines::show;
};

/// The endpoint /chat: plain text over WebSocket, one line an event, for everybody in a room. `?room=NAME`
/// picks the room, and `&token=TOKEN` says who it is. What a client sends as text is said; what it sends as
/// binary is passed on to all as it is. Whose token is not taken is answered 401, who may not subscribe 403;
/// who may not publish is closed (3507), and so is whose token has expired (3005).
Route chat_route(ChatSettings settings);

}  // namespace coroom::server
