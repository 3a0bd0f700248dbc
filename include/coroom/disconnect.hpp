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
  explicit Disconnect(std::uint16_t close_code, std::string_view why = {}) : code(close_code), reason(why) {}

  std::uint16_t code = 1006;
  std::string
      reason;  ///< UTF-8, 123 bytes at most; plain words, since some clients read a JSON value as advice
};

namespace close_code {
inline constexpr std::uint16_t normal = 1000;
inline constexpr std::uint16_t going_away = 1001;
inline constexpr std::uint16_t protocol_error = 1002;
inline constexpr std::uint16_t no_status = 1005;  ///< the close frame carried no code; never sent
inline constexpr std::uint16_t abnormal = 1006;   ///< no close frame came; never sent
inline constexpr std::uint16_t bad_payload = 1007;
inline constexpr std::uint16_t too_big = 1009;
inline constexpr std::uint16_t internal_error = 1011;
inline constexpr std::uint16_t shutdown = 3001;
inline constexpr std::uint16_t slow = 3008;
}  // namespace close_code

}  // namespace coroom
