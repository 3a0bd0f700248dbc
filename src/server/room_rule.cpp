#include "server/room_rule.hpp"

#include "server/shown_name.hpp"

#include <coroom/room_name.hpp>

#include <utility>

namespace coroom::server {

Result<> check_room_name(std::string_view name) {
  if (!is_room_name(name))
    return failure("A room's name must be 1 to 255 bytes of UTF-8 without control characters.");
  const auto shown = shown_name(name);
  if (!shown) return tl::unexpected(shown.error());
  if (*shown == name) return {};
  return failure(
      "A room's name must have no white space around it, only single spaces inside, and the Unicode form "
      "NFC.");
}

tl::expected<void, RoomFault> check_room(const Namespaces& namespaces, std::string_view name) {
  if (auto valid = check_room_name(name); !valid)
    return tl::unexpected(RoomFault{RoomFault::Kind::bad_name, std::move(valid).error().message});
  return namespaces.check(name);
}

}  // namespace coroom::server
