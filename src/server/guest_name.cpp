#include "server/guest_name.hpp"

#include "core/utf8.hpp"

#include <boost/regex/pending/unicode_iterator.hpp>
#include <boost/spirit/home/support/char_encoding/unicode/query.hpp>

#include <algorithm>
#include <iterator>

namespace coroom::server {
namespace {

namespace unicode = boost::spirit::ucd;
using Category = unicode::properties;

std::u32string code_points(std::string_view utf8) {
  using Iterator = boost::u8_to_u32_iterator<std::string_view::const_iterator, char32_t>;
  return {Iterator(utf8.begin(), utf8.begin(), utf8.end()), Iterator(utf8.end(), utf8.begin(), utf8.end())};
}

std::string utf8(std::u32string_view points) {
  using Iterator = boost::u32_to_u8_iterator<std::u32string_view::const_iterator, char>;
  return {Iterator(points.begin()), Iterator(points.end())};
}

std::u32string_view trimmed(std::u32string_view text) {
  const auto is_ink = [](char32_t point) { return !unicode::is_white_space(point); };
  const auto first = std::ranges::find_if(text, is_ink);
  const auto last = std::find_if(text.rbegin(), text.rend(), is_ink).base();
  return first < last ? std::u32string_view(first, last) : std::u32string_view();
}

/// Embeddings, overrides and isolates (Unicode's annex 9): where they are not ended they go on behind the
/// name.
bool turns_direction(char32_t point) {
  return (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
}

bool ends_line_or_controls(char32_t point) {
  const auto category = unicode::get_category(point);
  return category == Category::control || category == Category::line_separator ||
         category == Category::paragraph_separator;
}

/// Default_Ignorable_Code_Point of what came after the library's tables, which are of Unicode 5.2.
bool is_newly_ignorable(char32_t point) {
  constexpr char32_t arabic_letter_mark = 0x061c;
  constexpr char32_t mongolian_separator = 0x180f;
  const bool shorthand = point >= 0x1bca0 && point <= 0x1bca3;
  return point == arabic_letter_mark || point == mongolian_separator || shorthand;
}

/// A mark by itself has nothing that it could be seen on.
bool is_visible(char32_t point) {
  constexpr char32_t blank_braille = 0x2800;  // a symbol without a dot
  return point != blank_braille && !is_newly_ignorable(point) && !unicode::is_white_space(point) &&
         !unicode::is_default_ignorable_code_point(point) &&
         unicode::get_major_category(point) != Category::mark &&
         unicode::get_category(point) != Category::format;
}

}  // namespace

Result<std::string> guest_name(std::string_view text) {
  if (!is_utf8(text)) return failure("A name is UTF-8.");
  const std::u32string points = code_points(text);
  const std::u32string_view name = trimmed(points);
  if (name.empty()) return failure("A name is not empty.");
  if (name.size() > longest_guest_name)
    return failure("A name has " + std::to_string(longest_guest_name) + " characters at most.");
  if (std::ranges::any_of(name, ends_line_or_controls))
    return failure("A name is one line without control characters.");
  if (std::ranges::any_of(name, turns_direction))
    return failure("A name does not turn the direction of text.");
  if (std::ranges::none_of(name, is_visible)) return failure("A name can be seen.");
  return utf8(name);
}

}  // namespace coroom::server
