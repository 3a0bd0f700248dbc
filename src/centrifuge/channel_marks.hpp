#pragma once

#include <coroom/client_info.hpp>
#include <coroom/room_rules.hpp>

#include <string_view>

namespace coroom::detail::centrifuge {

/// Returns whether the name of a room has a mark. There are two: a `#`, of which the last begins a list of
/// users, and a `$` at the start of the name or after a colon.
[[nodiscard]] bool has_marks(std::string_view room);

/// Returns whether the name lists a user: `chat#42,43` lists 42 and 43. No name lists the empty user.
[[nodiscard]] bool lists_user(std::string_view room, std::string_view user);

/// The decision of the marks in a room's name on a client without a subscription token.
enum class MarkAccess {
  unmarked,  // none: the rules of the room decide
  listed,    // the client may enter, since the name lists its user
  closed,    // the client may not enter
};

[[nodiscard]] MarkAccess mark_access(std::string_view room, const RoomRules& rules,
                                     const ClientInfo& client_info);

/// Returns whether a client may enter a room without a subscription token.
[[nodiscard]] bool may_enter(std::string_view room, const RoomRules& rules, const ClientInfo& client_info);

}  // namespace coroom::detail::centrifuge
