#include "core/setting_value.hpp"

#include "core/utf8.hpp"

#include <boost/locale/utf.hpp>
#include <boost/spirit/home/support/char_encoding/unicode/query.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

namespace coroom::detail {
namespace {

namespace unicode = boost::spirit::ucd;
using Utf8Traits = boost::locale::utf::utf_traits<char>;

constexpr std::string_view line_ends = "\r\n";
constexpr std::string_view white_space = " \t\r\n";

std::string_view trimmed(std::string_view text, std::string_view front, std::string_view back) {
  text.remove_prefix(std::min(text.find_first_not_of(front), text.size()));
  return text.substr(0, text.find_last_not_of(back) + 1);
}

bool is_control(char32_t point) {
  return point < 0x20 || (point >= 0x7f && point < 0xa0);
}

/// Returns whether a character can be pasted unnoticed: no-break spaces, zero-width characters, byte order
/// marks.
bool is_invisible(char32_t point) {
  return point > 0x7f && (unicode::is_white_space(point) || unicode::is_default_ignorable_code_point(point) ||
                          unicode::get_category(point) == unicode::properties::format);
}

/// Requires valid UTF-8.
std::u32string code_points(std::string_view utf8) {
  std::u32string points;
  for (const char* position = utf8.begin(); position != utf8.end();)
    points.push_back(static_cast<char32_t>(Utf8Traits::decode(position, utf8.end())));
  return points;
}

std::string hexadecimal(const char* format, unsigned value) {
  std::array<char, 16> text{};
  const int size = std::snprintf(text.data(), text.size(), format, value);
  return {text.data(), static_cast<std::size_t>(size)};
}

bool is_quoted(std::u32string_view points) {
  static const std::vector<std::pair<char32_t, std::u32string_view>> marks{
      {U'"', U"\""},          {U'\'', U"'"},          {U'`', U"`'"},          {U'\u201c', U"\u201d\u201c"},
      {U'\u2018', U"\u2019"}, {U'\u201d', U"\u201d"}, {U'\u2019', U"\u2019"}, {U'\u201e', U"\u201c\u201d"},
      {U'\u00ab', U"\u00bb"}};
  if (points.size() < 2) return false;
  const auto opening = std::ranges::find(marks, points.front(), &decltype(marks)::value_type::first);
  return opening != marks.end() && opening->second.find(points.back()) != std::u32string_view::npos;
}

/// Returns the fault of a value, or nullopt if it has none. The message names characters and never quotes the
/// value.
std::optional<std::string> fault_of(std::string_view value) {
  if (!is_utf8(value)) return "is not UTF-8";
  const std::u32string points = code_points(value);
  const auto control = std::ranges::find_if(points, is_control);
  if (control != points.end()) return "contains a control character, " + hexadecimal("U+%04X", *control);
  if (points.empty()) return std::nullopt;
  for (const char32_t end : {points.front(), points.back()}) {
    if (is_invisible(end)) return "begins or ends with an invisible character, " + hexadecimal("U+%04X", end);
  }
  if (is_quoted(points)) return "is in quotation marks, which are not removed: leave them out";
  return std::nullopt;
}

}  // namespace

Result<std::string> setting_value(std::string_view written, SettingKind kind) {
  const bool is_secret = kind == SettingKind::secret;
  const std::string_view value =
      is_secret ? trimmed(written, {}, line_ends) : trimmed(written, white_space, white_space);
  auto fault = fault_of(value);
  if (!fault && is_secret && value != trimmed(value, white_space, white_space))
    fault = "begins or ends with white space";
  if (!fault) return std::string(value);
  return failure(Errc::invalid_argument,
                 (is_secret ? "the secret" : "'" + printable(value) + "'") + " " + *fault);
}

Result<std::string_view> text_of_file(std::string_view content) {
  if (content.starts_with("\xff\xfe") || content.starts_with("\xfe\xff"))
    return failure(Errc::invalid_argument,
                   "the file begins with the byte order mark of UTF-16: save it as UTF-8");
  return without_byte_order_mark(content);
}

std::string printable(std::string_view text) {
  std::string shown;
  for (const char* position = text.begin(); position != text.end();) {
    const char* const start = position;
    const auto point = Utf8Traits::decode(position, text.end());
    if (point == boost::locale::utf::illegal || point == boost::locale::utf::incomplete) {
      shown += hexadecimal("\\x%02X", static_cast<unsigned char>(*start));
      position = start + 1;
    } else if (is_control(point) || is_invisible(point)) {
      shown += hexadecimal("\\u{%X}", point);
    } else {
      shown.append(start, position);
    }
  }
  return shown;
}

}  // namespace coroom::detail
