#include "templates/tags.hpp"

#include <cstddef>

namespace coroom::detail::templates {
namespace {

constexpr std::string_view default_begin = "{{";
constexpr std::string_view default_end = "}}";
constexpr std::string_view unescaped_end = "}}}";

struct Delimiters {
  std::string_view begin = default_begin;
  std::string_view end = default_end;

  [[nodiscard]] bool are_braces() const { return begin == default_begin && end == default_end; }
};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view white_space = " \t\r\n\v\f";
  const std::size_t first = text.find_first_not_of(white_space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

/// Returns the delimiters that a tag such as `=<% %>=` sets; unchanged if the tag is broken.
Delimiters delimiters_of(std::string_view tag, Delimiters present) {
  if (tag.size() < 2 || tag.back() != '=') return present;
  const std::string_view both = trimmed(tag.substr(1, tag.size() - 2));
  const std::size_t space = both.find(' ');
  if (space == std::string_view::npos) return present;
  return {both.substr(0, space), trimmed(both.substr(space))};
}

}  // namespace

std::vector<std::string> included_in(std::string_view text) {
  std::vector<std::string> names;
  Delimiters delimiters;
  while (true) {
    const std::size_t begin = text.find(delimiters.begin);
    if (begin == std::string_view::npos) return names;
    text.remove_prefix(begin + delimiters.begin.size());
    const bool unescaped = delimiters.are_braces() && text.starts_with('{');
    const std::string_view closing = unescaped ? unescaped_end : delimiters.end;
    const std::size_t end = text.find(closing);
    if (end == std::string_view::npos) return names;
    const std::string_view tag = trimmed(text.substr(0, end));
    text.remove_prefix(end + closing.size());
    if (tag.starts_with('=')) delimiters = delimiters_of(tag, delimiters);
    if (tag.starts_with('>')) names.emplace_back(trimmed(tag.substr(1)));
  }
}

}  // namespace coroom::detail::templates
