#include "server/shown_name.hpp"

#include "core/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>
#include <vector>

namespace coroom::server {
namespace {

using Points = std::vector<UChar32>;
using CodePoints = std::span<const UChar32>;

constexpr UChar32 non_joiner = 0x200c;
constexpr UChar32 joiner = 0x200d;
constexpr UChar32 text_style = 0xfe0e;
constexpr UChar32 emoji_style = 0xfe0f;
constexpr UChar32 keycap = 0x20e3;

/// Decodes valid UTF-8.
Points code_points(std::string_view utf8) {
  Points points;
  points.reserve(utf8.size());
  const auto size = static_cast<std::int32_t>(utf8.size());
  for (std::int32_t index = 0; index < size;) {
    UChar32 point = 0;
    U8_NEXT_UNSAFE(utf8.data(), index, point);
    points.push_back(point);
  }
  return points;
}

void append(std::string& utf8, UChar32 point) {
  std::array<char, U8_MAX_LENGTH> bytes{};
  std::int32_t size = 0;
  U8_APPEND_UNSAFE(bytes.data(), size, point);
  utf8.append(bytes.data(), static_cast<std::size_t>(size));
}

bool is_white(UChar32 point) {
  return u_isUWhiteSpace(point) != 0;
}

bool has(UChar32 point, UProperty property) {
  return u_hasBinaryProperty(point, property) != 0;
}

CodePoints trimmed(CodePoints text) {
  const auto is_ink = [](UChar32 point) { return !is_white(point); };
  const auto first = std::ranges::find_if(text, is_ink);
  const auto last = std::find_if(text.rbegin(), text.rend(), is_ink).base();
  return first < last ? CodePoints(first, last) : CodePoints();
}

bool ends_line_or_controls(UChar32 point) {
  const int type = u_charType(point);
  return type == U_CONTROL_CHAR || type == U_LINE_SEPARATOR || type == U_PARAGRAPH_SEPARATOR;
}

/// Returns whether a character has no standard appearance.
bool is_private(UChar32 point) {
  return u_charType(point) == U_PRIVATE_USE_CHAR || U_IS_UNICODE_NONCHAR(point);
}

/// Returns whether a character is drawn as nothing or as a blank that is not white space.
bool is_unseen(UChar32 point) {
  constexpr UChar32 blank_braille = 0x2800;
  const bool formats = u_charType(point) == U_FORMAT_CHAR && !has(point, UCHAR_PREPENDED_CONCATENATION_MARK);
  return formats || point == blank_braille || has(point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

int joining_type(UChar32 point) {
  return u_getIntPropertyValue(point, UCHAR_JOINING_TYPE);
}

bool is_picture(UChar32 point) {
  return has(point, UCHAR_EXTENDED_PICTOGRAPHIC);
}

/// Returns whether a joiner or non-joiner changes how the letters beside it are drawn (RFC 5892 appendix A.1
/// and A.2).
bool joins_letters(CodePoints before, CodePoints after) {
  constexpr int virama = 9;  // a canonical combining class
  if (u_getCombiningClass(before.back()) == virama) return true;
  const auto is_opaque = [](UChar32 point) { return joining_type(point) != U_JT_TRANSPARENT; };
  const auto left = std::find_if(before.rbegin(), before.rend(), is_opaque);
  const auto right = std::ranges::find_if(after, is_opaque);
  if (left == before.rend() || right == after.end()) return false;
  const int from = joining_type(*left);
  const int to = joining_type(*right);
  return (from == U_JT_LEFT_JOINING || from == U_JT_DUAL_JOINING) &&
         (to == U_JT_RIGHT_JOINING || to == U_JT_DUAL_JOINING);
}

/// Returns whether a joiner combines two pictures, such as a family (Unicode Technical Standard 51, section
/// 2.3).
bool joins_pictures(CodePoints before, CodePoints after) {
  const auto is_bare = [](UChar32 point) {
    return point != emoji_style && !has(point, UCHAR_EMOJI_MODIFIER);
  };
  const auto picture = std::find_if(before.rbegin(), before.rend(), is_bare);
  return picture != before.rend() && is_picture(*picture) && is_picture(after.front());
}

/// Returns whether an invisible character changes how the characters beside it are drawn.
bool is_seen_in_place(UChar32 point, CodePoints before, CodePoints after) {
  if (before.empty()) return false;
  if (point == emoji_style || point == text_style)
    return is_picture(before.back()) || (!after.empty() && after.front() == keycap);
  if (after.empty()) return false;
  if (point == joiner && joins_pictures(before, after)) return true;
  return (point == joiner || point == non_joiner) && joins_letters(before, after);
}

bool has_unseen(CodePoints name) {
  for (std::size_t index = 0; index != name.size(); ++index) {
    if (is_unseen(name[index]) && !is_seen_in_place(name[index], name.first(index), name.subspan(index + 1)))
      return true;
  }
  return false;
}

/// A mark needs a character to be drawn on, so it is not visible alone.
bool has_ink(UChar32 point) {
  return !is_white(point) && !is_unseen(point) && (U_GET_GC_MASK(point) & U_GC_M_MASK) == 0;
}

std::string with_single_blanks(CodePoints name) {
  std::string text;
  bool in_white = false;
  for (const UChar32 point : name) {
    const bool white = is_white(point);
    if (!white) append(text, point);
    if (white && !in_white) text += ' ';
    in_white = white;
  }
  return text;
}

std::string composed(std::string_view text) {
  UErrorCode ec = U_ZERO_ERROR;
  const icu::Normalizer2* composer = icu::Normalizer2::getNFCInstance(ec);
  std::string whole;
  icu::StringByteSink<std::string> sink(&whole);
  if (U_SUCCESS(ec))
    composer->normalizeUTF8(0, {text.data(), static_cast<std::int32_t>(text.size())}, sink, nullptr, ec);
  if (U_FAILURE(ec)) throw std::runtime_error("ICU has no data for normalization form C");
  return whole;
}

/// Returns whether ASCII letters look the same as these (Unicode Technical Standard 39, section 4).
bool look_like_ascii(const std::string& letters) {
  UErrorCode ec = U_ZERO_ERROR;
  static const icu::LocalUSpoofCheckerPointer checker(uspoof_open(&ec));
  if (U_FAILURE(ec)) throw std::runtime_error("ICU has no data of confusable letters");
  std::string alike(letters.size() * 20, '\0');  // a ligature may stand for a whole sentence
  const auto size =
      uspoof_getSkeletonUTF8(checker.getAlias(), 0, letters.data(), static_cast<std::int32_t>(letters.size()),
                             alike.data(), static_cast<std::int32_t>(alike.size()), &ec);
  const auto is_ascii = [](char byte) { return static_cast<unsigned char>(byte) < 0x80; };
  return U_SUCCESS(ec) && std::ranges::all_of(alike.substr(0, static_cast<std::size_t>(size)), is_ascii);
}

/// Returns whether a word mixes Latin letters with look-alikes of another script. Such a word is made to pass
/// for another one, while a word in one script belongs to a language.
bool has_word_that_deceives(CodePoints name) {
  bool latin = false;
  std::string others;
  const auto deceives = [&] { return latin && !others.empty() && look_like_ascii(others); };
  for (const UChar32 point : name) {
    UErrorCode ec = U_ZERO_ERROR;
    const UScriptCode script = uscript_getScript(point, &ec);
    if (script == USCRIPT_LATIN) {
      latin = true;
    } else if (u_isalpha(point) != 0 && script != USCRIPT_COMMON && script != USCRIPT_INHERITED) {
      append(others, point);
    } else if ((U_GET_GC_MASK(point) & (U_GC_M_MASK | U_GC_ND_MASK)) == 0) {
      if (deceives()) return true;
      latin = false;
      others.clear();
    }
  }
  return deceives();
}

/// Returns whether a name is printable ASCII with single blanks, as most names are; it then needs no
/// look-ups.
bool is_plain(std::string_view text) {
  const auto is_printable = [](char letter) { return letter >= ' ' && letter <= '~'; };
  return !text.empty() && text.front() != ' ' && text.back() != ' ' && text.find("  ") == text.npos &&
         std::ranges::all_of(text, is_printable);
}

}  // namespace

Result<std::string> shown_name(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  if (!detail::is_utf8(text)) return failure("A name must be UTF-8.");
  const Points points = code_points(composed(text));
  const CodePoints name = trimmed(points);
  if (name.empty()) return failure("A name must not be empty.");
  if (std::ranges::any_of(name, ends_line_or_controls))
    return failure("A name must be one line without control characters.");
  if (std::ranges::none_of(name, has_ink)) return failure("A name must contain a visible character.");
  if (has_unseen(name))
    return failure(
        "A name must not contain invisible characters or characters that change the direction of text.");
  if (std::ranges::any_of(name, is_private))
    return failure("A name must not contain characters of private use.");
  if (has_word_that_deceives(name))
    return failure(
        "A name must not contain a word that mixes Latin letters with look-alikes of another script.");
  return with_single_blanks(name);
}

}  // namespace coroom::server
