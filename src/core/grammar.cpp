#include "core/grammar.hpp"

#include <boost/url/grammar/ci_string.hpp>

#include <algorithm>
#include <cstddef>

namespace coroom::detail {
namespace {

bool is_letter_or_digit(unsigned char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
}

bool is_control(unsigned char byte) {
  return byte < ' ' || byte == 0x7f;
}

bool is_ascii(unsigned char byte) {
  return byte < 0x80;
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), boost::urls::grammar::to_lower);
  return lower;
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return boost::urls::grammar::ci_is_equal(text.substr(0, prefix.size()), prefix);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view spaces = " \t";
  const std::size_t first = std::min(text.find_first_not_of(spaces), text.size());
  return text.substr(first, text.find_last_not_of(spaces) + 1 - first);
}

bool is_http_token(std::string_view text) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char byte) {
    return is_letter_or_digit(static_cast<unsigned char>(byte)) || others.find(byte) != others.npos;
  });
}

bool is_field_value(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char byte) { return byte == '\t' || !is_control(byte); });
}

bool is_cookie_value(std::string_view text) {
  constexpr std::string_view refused = " \",;\\";
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return std::ranges::all_of(text, [&](unsigned char byte) {
    return is_ascii(byte) && !is_control(byte) && refused.find(static_cast<char>(byte)) == refused.npos;
  });
}

bool is_cookie_attribute(std::string_view text) {
  return std::ranges::all_of(
      text, [](unsigned char byte) { return is_ascii(byte) && !is_control(byte) && byte != ';'; });
}

bool is_media_type(std::string_view content_type, std::string_view media_type) {
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  return type.size() == media_type.size() && starts_with_ignoring_case(type, media_type);
}

}  // namespace coroom::detail
