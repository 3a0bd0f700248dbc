#pragma once

// Codes of the protocols, as their specifications have them. They stand here once more, apart from those of
// src/ and include/, so that a test notices when a number of the server changes.

namespace coroom::testkit {

/// Codes of close frames, RFC 6455 section 7.4.1.
namespace websocket_close {
inline constexpr int normal = 1000;
inline constexpr int going_away = 1001;
inline constexpr int protocol_error = 1002;
inline constexpr int no_status = 1005;  ///< a close frame without a code; never sent
inline constexpr int abnormal = 1006;   ///< no close frame; never sent
inline constexpr int invalid_payload = 1007;
inline constexpr int policy_violation = 1008;
inline constexpr int too_big = 1009;
inline constexpr int internal_error = 1011;
inline constexpr int try_again_later = 1013;
}  // namespace websocket_close

/// Codes of close frames in the Centrifuge protocol. A client reconnects after those below 3500 only.
namespace centrifuge_close {
inline constexpr int shutdown = 3001;
inline constexpr int expired = 3005;
inline constexpr int slow = 3008;
inline constexpr int no_pong = 3012;
inline constexpr int too_many_requests = 3013;
inline constexpr int invalid_token = 3500;
inline constexpr int bad_request = 3501;
inline constexpr int stale = 3502;
inline constexpr int kicked = 3503;
inline constexpr int connection_limit = 3504;
inline constexpr int banned = 3507;
inline constexpr int permission_denied = 3507;  ///< of the plain chat, which has no error replies
inline constexpr int not_available = 3508;
}  // namespace centrifuge_close

/// Codes of error replies in the Centrifuge protocol.
namespace centrifuge_error {
inline constexpr int internal = 100;
inline constexpr int unknown_channel = 102;
inline constexpr int permission_denied = 103;
inline constexpr int method_not_found = 104;
inline constexpr int already_subscribed = 105;
inline constexpr int limit_exceeded = 106;
inline constexpr int bad_request = 107;
inline constexpr int not_available = 108;
inline constexpr int token_expired = 109;
inline constexpr int too_many_requests = 111;
inline constexpr int unrecoverable_position = 112;
}  // namespace centrifuge_error

/// Codes of unsubscribe pushes in the Centrifuge protocol. A client subscribes again after those from 2500
/// on.
namespace centrifuge_unsubscribe {
inline constexpr int by_server = 2000;
inline constexpr int expired = 2501;
}  // namespace centrifuge_unsubscribe

}  // namespace coroom::testkit
