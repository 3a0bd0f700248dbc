#include "core/utf8.hpp"

#include <boost/locale/utf.hpp>

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

}  // namespace

bool is_utf8(std::string_view text) {
  using Utf8Traits = boost::locale::utf::utf_traits<char>;
  // Most text is ASCII, which needs no decoder.
  const char* position = text.data();
  const char* const end = text.data() + text.size();
  while ((position = skip_ascii(position, end)) != end) {
    const auto point = Utf8Traits::decode(position, end);
    if (point == boost::locale::utf::illegal || point == boost::locale::utf::incomplete) return false;
  }
  return true;
}

bool is_printable_utf8(std::string_view text) {
  using Utf8Traits = boost::locale::utf::utf_traits<char>;
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
