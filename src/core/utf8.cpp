#include "core/utf8.hpp"

#include <boost/locale/utf.hpp>

namespace coroom::detail {

bool is_utf8(std::string_view text) {
  using Utf8Traits = boost::locale::utf::utf_traits<char>;
  for (const char* position = text.begin(); position != text.end();) {
    // Most text is ASCII, which needs no decoder.
    if (static_cast<unsigned char>(*position) < 0x80) {
      ++position;
      continue;
    }
    const auto point = Utf8Traits::decode(position, text.end());
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
