#include "core/utf8.hpp"

#include <coroom/room_name.hpp>

namespace coroom {

bool is_room_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_room_name && detail::is_printable_utf8(name);
}

}  // namespace coroom
