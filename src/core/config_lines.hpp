#pragma once

#include <coroom/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::detail {

/// One setting of a configuration file.
struct ConfigLine {
  std::size_t number = 0;  ///< from 1
  std::string name;        ///< with the prefix of its section: `rooms.history_size`
  std::string value;       ///< verbatim, without white space around it
  bool commented = false;  ///< a comment follows the value
};

/// Returns the settings of a file: lines `NAME = VALUE`, and `[SECTION]` before the settings of a section. A
/// comment begins with a `#` at the start of a line or after white space. Accepts a UTF-8 byte order mark and
/// CRLF. The error names the line and shows no value.
Result<std::vector<ConfigLine>> config_lines(std::string_view content);

}  // namespace coroom::detail
