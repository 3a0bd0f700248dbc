#include "centrifuge/outline.hpp"

#include "core/whole_number.hpp"

#include <algorithm>
#include <cstddef>

namespace coroom::detail::centrifuge {
namespace {

constexpr std::string_view white_space = " \t\r\n";

/// Returns the position of the quotation mark that ends a string.
std::size_t end_of_string(std::string_view line, std::size_t from) {
  for (std::size_t position = from; position < line.size(); ++position) {
    if (line[position] == '"') return position;
    if (line[position] == '\\') ++position;
  }
  return line.size();
}

std::optional<std::uint64_t> id_at(std::string_view line, std::size_t from) {
  const std::size_t begin = std::min(line.find_first_not_of(white_space, from), line.size());
  const std::size_t end = std::min(line.find_first_not_of("+-.0123456789eE", begin), line.size());
  const auto id = detail::whole_number<std::uint64_t>(line.substr(begin, end - begin));
  return id == 0U ? std::nullopt : id;
}

}  // namespace

Outline outline_of(std::string_view line) {
  Outline outline;
  std::size_t depth = 0;
  std::string_view key;
  for (std::size_t position = 0; position < line.size(); ++position) {
    switch (line[position]) {
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        if (depth != 0) --depth;
        break;
      case '"': {
        const std::size_t begin = position + 1;
        position = end_of_string(line, begin);
        if (depth == 1) key = line.substr(begin, position - begin);
        break;
      }
      case ':':
        if (depth != 1) break;
        if (key == "id") outline.id = id_at(line, position + 1);
        if (key == "send") outline.sends = true;
        break;
      default:
        break;
    }
  }
  return outline;
}

}  // namespace coroom::detail::centrifuge
