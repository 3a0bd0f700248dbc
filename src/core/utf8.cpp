#include "core/utf8.hpp"

#include <boost/locale/utf.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace coroom::detail {

namespace {

/// Returns the first byte at or after `position` that may not be ASCII. Looks at words of 8 bytes.
const char* skip_ascii(const char* position, const char* end) {
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  std::uint64_t word = 0;
  for (; end - position >= static_cast<std::ptrdiff_t>(sizeof word); position += sizeof word) {
    std::memcpy(&word, position, sizeof word);
    if ((word & high_bits) != 0) break;
  }
  while (position != end && static_cast<unsigned char>(*position) < 0x80) ++position;
  return position;
}

using Utf8Traits = boost::locale::utf::utf_traits<char>;

/// The beginning of a text, as far as it is valid.
struct ValidPart {
  const char* end;  ///< of the last complete character
  bool is_cut;      ///< the rest is shorter than a character
};

/// Most text is ASCII, which needs no decoder.
ValidPart valid_part(const char* position, const char* end) {
  while ((position = skip_ascii(position, end)) != end) {
    const char* const begin = position;
    const auto point = Utf8Traits::decode(position, end);
    if (point == boost::locale::utf::incomplete) return {begin, true};
    if (point == boost::locale::utf::illegal) return {begin, false};
  }
  return {end, false};
}

/// Returns whether more bytes can make these, the beginning of one character, valid. The allowed bytes of
/// each place are a range that has the smallest or the largest continuation byte at one of its ends (RFC 3629
/// section 4).
bool can_become_valid(std::string_view beginning) {
  for (const char continuation : {'\x80', '\xbf'}) {
    std::array<char, 4> padded{};
    padded.fill(continuation);
    std::ranges::copy(beginning, padded.begin());
    const char* position = padded.data();
    const char* const end = position + padded.size();
    if (Utf8Traits::decode(position, end) != boost::locale::utf::illegal) return true;
  }
  return false;
}

}  // namespace

bool is_utf8(std::string_view text) {
  const char* const end = text.data() + text.size();
  return valid_part(text.data(), end).end == end;
}

bool Utf8Checker::take(std::string_view bytes) {
  while (size_ != 0 && !bytes.empty()) {
    cut_[size_++] = bytes.front();
    bytes.remove_prefix(1);
    const ValidPart part = valid_part(cut_.data(), cut_.data() + size_);
    if (part.end == cut_.data() + size_) {
      size_ = 0;
    } else if (!part.is_cut || !can_become_valid(cut())) {
      return false;
    }
  }
  const char* const end = bytes.data() + bytes.size();
  const ValidPart part = valid_part(bytes.data(), end);
  if (part.end == end) return true;
  if (!part.is_cut) return false;
  std::copy(part.end, end, cut_.begin());
  size_ = static_cast<std::uint8_t>(end - part.end);
  return can_become_valid(cut());
}

bool is_printable_utf8(std::string_view text) {
  const auto is_control = [](boost::locale::utf::code_point point) {
    return point < 0x20 || (point >= 0x7f && point < 0xa0);
  };
  for (const char* position = text.begin(); position != text.end();) {
    const auto point = Utf8Traits::decode(position, text.end());
    if (point == boost::locale::utf::illegal || point == boost::locale::utf::incomplete ||
        is_control(point)) {
      return false;
    }
  }
  return true;
}

}  // namespace coroom::detail
