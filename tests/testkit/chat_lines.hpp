#pragma once

#include <string>
#include <string_view>

/// Lines of the plain chat without the head that names the address and the time.
namespace coroom::testkit::chat_line {

inline constexpr std::string_view joined = "进入聊天室";
inline constexpr std::string_view left = "离开聊天室";

/// A message of a member.
inline std::string said(std::string_view text) {
  return "说：" + std::string(text);
}

// Only the sender of a rejected message receives these.
inline constexpr std::string_view rejected = "未发送：";  ///< the beginning of each
inline constexpr std::string_view too_fast = "未发送：发言过于频繁";
inline constexpr std::string_view muted = "未发送：您已被禁言";
inline constexpr std::string_view not_stored = "未发送：保存失败";
inline constexpr std::string_view unprintable = "未发送：含有控制字符";

}  // namespace coroom::testkit::chat_line
