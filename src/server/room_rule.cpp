#include "server/room_rule.hpp"

#include "server/shown_name.hpp"

#include <coroom/room_name.hpp>

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

}  // namespace coroom::server
