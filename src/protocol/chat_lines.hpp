#pragma once

#include <coroom/client_info.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace coroom::detail::protocol {

/// Whether lines of the plain chat show the addresses of publishers. An address that
/// ClientInfo::hides_address hides is never shown.
enum class AddressLines { show, hide };

/// Appends `[ADDRESS]-[YYYY-MM-DD HH:MM:SS]-`, the head of every line of the plain chat, to `line`. The time
/// is the server's local time.
void append_line_head(std::string& line, std::string_view address,
                      std::chrono::system_clock::time_point time);

/// Appends the head for a client. In place of a hidden address there are 8 letters and digits. They are the
/// same for a user, or else for an address, as long as the process runs. They are a keyed hash, so the
/// address cannot be found by trying all of them.
void append_line_head(std::string& line, const ClientInfo& client_info, AddressLines addresses,
                      std::chrono::system_clock::time_point time);

/// The text behind the head: a join, a message (followed by its text) and a leave.
inline constexpr std::string_view joined = "进入聊天室";
inline constexpr std::string_view says = "说：";
inline constexpr std::string_view left = "离开聊天室";

/// An edit (followed by the new text) and a deletion of an earlier message, which users of the page can make.
inline constexpr std::string_view edited = "更正：";
inline constexpr std::string_view removed = "撤回了一条消息";

/// A notice to the publisher alone that its message was rejected (followed by the reason). The reasons are a
/// mute, slow mode, and control characters.
inline constexpr std::string_view refused = "未发送：";
inline constexpr std::string_view muted = "您已被禁言";
inline constexpr std::string_view too_soon = "发言过于频繁";
inline constexpr std::string_view not_stored = "保存失败";
inline constexpr std::string_view unprintable = "含有控制字符";

}  // namespace coroom::detail::protocol
