#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace coroom::protocol {

/// Appends `[ADDRESS]-[YYYY-MM-DD HH:MM:SS]-`, the head that every line of the plain chat begins with, to
/// `line`. The time is the server's local time.
void append_line_head(std::string& line, std::string_view address,
                      std::chrono::system_clock::time_point time);

/// What follows the head: who came, who spoke (and then what was said), who went.
inline constexpr std::string_view entered = "进入聊天室";
inline constexpr std::string_view said = "说：";
inline constexpr std::string_view left = "离开聊天室";

/// The same for who alone is told that what it said was not passed on, and then why: it is muted, or the room
/// is slow, or it has characters that no text has.
inline constexpr std::string_view refused = "未发送：";
inline constexpr std::string_view muted = "您已被禁言";
inline constexpr std::string_view too_soon = "发言过于频繁";
inline constexpr std::string_view unprintable = "含有控制字符";

}  // namespace coroom::protocol
