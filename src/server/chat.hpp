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

/// The settings of the plain chat.
struct ChatSettings {
  std::shared_ptr<const Namespaces> namespaces;
  detail::auth::OriginPolicy origins;
  std::optional<CompressionOptions> compression;  // offered to clients if set
  std::shared_ptr<const TokenVerifier> tokens;    // none: all tokens are rejected
  bool anonymous = true;                          // allows clients without a token
  std::shared_ptr<GuestPace> pace;                // of all rooms, shared with other protocols
  detail::protocol::AddressLines addresses = detail::protocol::AddressLines::show;
};

/// Returns the endpoint /chat: plain text over WebSocket, one line for each event of a room. `?room=NAME`
/// selects the room, and `&token=TOKEN` identifies the user. A text message is published as a line; a binary
/// message is delivered to all members unchanged. A rejected token is answered with status 401, a missing
/// right to subscribe with 403, and a room of an unknown namespace with 404. The connection is closed with
/// 3507 if the client publishes without the right to, and with 3005 once its token has expired.
Route chat_route(ChatSettings settings);

}  // namespace coroom::server
