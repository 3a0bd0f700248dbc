#pragma once

#include <coroom/client_info.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace coroom::detail::protocol {

/// Whether lines name the speakers of the plain chat by their addresses. Authors that hide theirs
/// (ClientInfo::hides_address) are never named so.
enum class AddressLines { show, hide };

/// Appends `[ADDRESS]-[YYYY-MM-DD HH:MM:SS]-`, the head that every line of the plain chat begins with, to
/// `line`. The time is the server's local time.
void append_line_head(std::string& line, std::string_view address,
                      std::chrono::system_clock::time_point time);

/// The same for an author. In place of a hidden address there are 8 letters and digits, the same for a user,
/// and for an address without one, as long as the process runs. They are a keyed hash: nobody finds the
/// address by trying all of them.
void append_line_head(std::string& line, const ClientInfo& client_info, AddressLines addresses,
                      std::chrono::system_clock::time_point time);

/// What follows the head: who came, who spoke (and then what was said), who went.
inline constexpr std::string_view joined = "进入聊天室";
inline constexpr std::string_view said = "说：";
inline constexpr std::string_view left = "离开聊天室";

/// The same for who edits (and then the new text) or deletes an earlier message, which users of the page can.
inline constexpr std::string_view edited = "更正：";
inline constexpr std::string_view removed = "撤回了一条消息";

/// The same for who alone is told that what it said was not passed on, and then why: it is muted, or the room
/// is slow, or it has characters that no text has.
inline constexpr std::string_view refused = "未发送：";
inline constexpr std::string_view muted = "您已被禁言";
inline constexpr std::string_view too_soon = "发言过于频繁";
inline constexpr std::string_view not_stored = "保存失败";
inline constexpr std::string_view unprintable = "含有控制字符";

}  // namespace coroom::detail::protocol
