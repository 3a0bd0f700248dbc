#pragma once

#include <string_view>

namespace coroom::detail {

/// Returns whether the bytes are valid UTF-8 (RFC 3629).
bool is_utf8(std::string_view text);

/// Returns whether the bytes are valid UTF-8 without control characters (C0, DEL and C1).
bool is_printable_utf8(std::string_view text);

/// Returns the text without a byte order mark at its start. Some programs write one before all text, and a
/// reader of JSON may ignore it (RFC 8259 section 8.1).
constexpr std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

}  // namespace coroom::detail
