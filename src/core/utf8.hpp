#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace coroom::detail {

/// Returns whether the bytes are valid UTF-8 (RFC 3629).
bool is_utf8(std::string_view text);

/// Checks UTF-8 that arrives in parts, and rejects it as soon as no continuation can make it valid.
class Utf8Checker {
 public:
  /// Takes the next bytes of the text. Returns false if they cannot be a part of it; the text is then
  /// invalid.
  [[nodiscard]] bool take(std::string_view bytes);

  /// Returns whether no character is cut at the end.
  [[nodiscard]] bool is_complete() const { return size_ == 0; }

  /// Begins another text.
  void reset() { size_ = 0; }

 private:
  [[nodiscard]] std::string_view cut() const { return {cut_.data(), size_}; }

  std::array<char, 4> cut_{};  // the bytes of a character that is not complete yet
  std::uint8_t size_ = 0;
};

/// Returns whether the bytes are valid UTF-8 without control characters (C0, DEL and C1).
bool is_printable_utf8(std::string_view text);

/// Returns the text without a byte order mark at its start. Some programs write one before all text, and a
/// reader of JSON may ignore it (RFC 8259 section 8.1).
constexpr std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view mark = "\xef\xbb\xbf";
  return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

}  // namespace coroom::detail
