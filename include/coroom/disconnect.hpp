#pragma once

#include <cstdint>
#include <string>

namespace coroom {

/// The end of a WebSocket connection: a close code and its reason (RFC 6455 section 7.4). Codes from 3000 on
/// are those of the Centrifuge protocol: a client reconnects by itself after a code below 3500, and does not
/// after one from 3500 to 3999.
struct Disconnect {
  std::uint16_t code = 1006;
  std::string reason = {};  ///< UTF-8, at most 123 bytes; not JSON, which some clients read as advice
};

/// Codes that the library sends or reports (RFC 6455 section 7.4.1; from 3000 on the Centrifuge protocol).
namespace close_code {
inline constexpr std::uint16_t normal = 1000;            ///< the purpose is fulfilled
inline constexpr std::uint16_t going_away = 1001;        ///< the server shuts down, or the page is left
inline constexpr std::uint16_t protocol_error = 1002;    ///< frames that break the rules
inline constexpr std::uint16_t no_status = 1005;         ///< the close frame carried no code; never sent
inline constexpr std::uint16_t abnormal = 1006;          ///< no close frame arrived; never sent
inline constexpr std::uint16_t bad_payload = 1007;       ///< text that is not UTF-8
inline constexpr std::uint16_t policy_violation = 1008;  ///< too many messages, or one that took too long
inline constexpr std::uint16_t too_big = 1009;           ///< a message over the size limit
inline constexpr std::uint16_t internal_error = 1011;    ///< a handler threw
inline constexpr std::uint16_t try_again_later = 1013;   ///< the limit of rooms is reached
inline constexpr std::uint16_t shutdown = 3001;          ///< the server shuts down; clients reconnect
inline constexpr std::uint16_t slow = 3008;              ///< the client reads too slowly; clients reconnect
inline constexpr std::uint16_t revoked = 3500;           ///< the token was revoked
inline constexpr std::uint16_t kicked = 3503;            ///< a moderator closed the connection
inline constexpr std::uint16_t too_many = 3504;          ///< the user has too many connections
inline constexpr std::uint16_t banned = 3507;            ///< the user or the address may not connect
}  // namespace close_code

}  // namespace coroom
