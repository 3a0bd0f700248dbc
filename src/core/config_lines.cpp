#include "core/config_lines.hpp"

#include "core/setting_value.hpp"

#include <algorithm>

namespace coroom::detail {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// Returns the position at which the comment of a line begins, or npos.
std::size_t comment_in(std::string_view line) {
  for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
    if (at == 0 || blanks.find(line[at - 1]) != std::string_view::npos) return at;
  }
  return std::string_view::npos;
}

}  // namespace

Result<std::vector<ConfigLine>> config_lines(std::string_view content) {
  auto text = text_of_file(content);
  if (!text) return tl::unexpected(text.error());
  std::vector<ConfigLine> lines;
  std::string section;
  for (std::size_t number = 1; !text->empty(); ++number) {
    const std::size_t end = std::min(text->find('\n'), text->size());
    const std::string_view whole = text->substr(0, end);
    text->remove_prefix(std::min(end + 1, text->size()));
    const std::size_t comment = comment_in(whole);
    const std::string_view line = trimmed(whole.substr(0, comment));
    if (line.empty()) continue;
    if (line.starts_with('[') && line.ends_with(']')) {
      section = std::string(trimmed(line.substr(1, line.size() - 2))) + '.';
      continue;
    }
    const std::size_t equals = line.find('=');
    const std::string_view name = trimmed(line.substr(0, equals));
    if (equals == std::string_view::npos || name.empty()) {
      // What follows the first word may be a secret.
      return failure(Errc::invalid_argument, "line " + std::to_string(number) + ", which begins with '" +
                                                 printable(line.substr(0, line.find_first_of(" \t:"))) +
                                                 "', is neither NAME = VALUE nor [SECTION]");
    }
    lines.push_back({number, section + std::string(name), std::string(trimmed(line.substr(equals + 1))),
                     comment != std::string_view::npos});
  }
  return lines;
}

}  // namespace coroom::detail
