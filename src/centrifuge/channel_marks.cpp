#include "centrifuge/channel_marks.hpp"

#include <cstddef>

namespace coroom::detail::centrifuge {
namespace {

constexpr char list_mark = '#';
constexpr char user_separator = ',';

/// A namespace, or `typing:` in front of another name, must not open a private room. So a `$` counts after
/// each colon.
bool is_private(std::string_view room) {
  return room.starts_with('$') || room.find(":$") != std::string_view::npos;
}

bool has_list(std::string_view room) {
  return room.find(list_mark) != std::string_view::npos;
}

}  // namespace

bool has_marks(std::string_view room) {
  return is_private(room) || has_list(room);
}

bool lists_user(std::string_view room, std::string_view user) {
  const std::size_t mark = room.rfind(list_mark);
  if (mark == std::string_view::npos || user.empty()) return false;
  std::string_view users = room.substr(mark + 1);
  while (true) {
    const std::size_t end = users.find(user_separator);
    if (users.substr(0, end) == user) return true;
    if (end == std::string_view::npos) return false;
    users.remove_prefix(end + 1);
  }
}

MarkAccess mark_access(std::string_view room, const RoomRules& rules, const ClientInfo& client_info) {
  if (rules.ignore_marks || !has_marks(room)) return MarkAccess::unmarked;
  // A guest chooses its user ID, so a list of users does not admit it.
  const bool is_listed = !is_private(room) && rules.allow_user_limited && !client_info.is_anonymous() &&
                         lists_user(room, client_info.user);
  return is_listed ? MarkAccess::listed : MarkAccess::closed;
}

bool may_enter(std::string_view room, const RoomRules& rules, const ClientInfo& client_info) {
  switch (mark_access(room, rules, client_info)) {
    case MarkAccess::listed:
      return true;
    case MarkAccess::closed:
      return false;
    case MarkAccess::unmarked:
      break;
  }
  return rules.subscribe.allows(client_info.is_anonymous(), false);
}

}  // namespace coroom::detail::centrifuge
