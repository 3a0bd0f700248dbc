#pragma once

#include <string_view>

namespace coroom::detail {

/// True if the bytes are valid UTF-8 (RFC 3629).
bool is_utf8(std::string_view text);

/// True if they are, and hold no control character: neither C0, DEL nor C1.
bool is_printable_utf8(std::string_view text);

/// The text behind a byte order mark, if it begins with one. Some writers put it before all that they write,
/// and a reader of JSON may pass over it (RFC 8259 section 8.1).
constexpr std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

}  // namespace coroom::detail
