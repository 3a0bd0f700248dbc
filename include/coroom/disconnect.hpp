#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace coroom {

/// How a WebSocket connection ends: a close code and its reason (RFC 6455 section 7.4).
/// Codes from 3000 on are those of the Centrifuge protocol: a client reconnects by itself below 3500 and
/// stays away from 3500 to 3999.
struct Disconnect {
  Disconnect() = default;

  /// The reason is copied.
  explicit Disconnect(std::uint16_t close_code, std::string_view why = {}) : code(close_code), reason(why) {}

  std::uint16_t code = 1006;  ///< RFC 6455 section 7.4
  std::string
      reason;  ///< UTF-8, 123 bytes at most; plain words, since some clients read a JSON value as advice
};

/// Codes that have a meaning here (RFC 6455 section 7.4.1; from 3000 on, the Centrifuge protocol).
namespace close_code {
inline constexpr std::uint16_t normal = 1000;            ///< the purpose is fulfilled
inline constexpr std::uint16_t going_away = 1001;        ///< the server stops, or the page is left
inline constexpr std::uint16_t protocol_error = 1002;    ///< frames that break the rules
inline constexpr std::uint16_t no_status = 1005;         ///< the close frame carried no code; never sent
inline constexpr std::uint16_t abnormal = 1006;          ///< no close frame came; never sent
inline constexpr std::uint16_t bad_payload = 1007;       ///< text that is no UTF-8
inline constexpr std::uint16_t policy_violation = 1008;  ///< too many messages, or one that took too long
inline constexpr std::uint16_t too_big = 1009;           ///< a message over the limit
inline constexpr std::uint16_t internal_error = 1011;    ///< a handler threw
inline constexpr std::uint16_t try_again_later = 1013;   ///< there are as many rooms as there may be
inline constexpr std::uint16_t shutdown = 3001;          ///< the server stops; come again
inline constexpr std::uint16_t slow = 3008;              ///< it took less than it was sent; come again
inline constexpr std::uint16_t revoked = 3500;           ///< the token is not taken any more
inline constexpr std::uint16_t kicked = 3503;            ///< a moderator has ended it
inline constexpr std::uint16_t too_many = 3504;          ///< connections of one user
inline constexpr std::uint16_t banned = 3507;            ///< the user or the address may not connect
}  // namespace close_code

}  // namespace coroom
