#pragma once

#include <string_view>

namespace coroom {

/// True if the bytes are valid UTF-8 (RFC 3629).
bool is_utf8(std::string_view text);

/// True if they are, and hold no control character: neither C0, DEL nor C1.
bool is_printable_utf8(std::string_view text);

}  // namespace coroom
