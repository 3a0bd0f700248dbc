#pragma once

#include <coroom/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::detail {

/// A setting of a configuration file.
struct ConfigLine {
  std::size_t number = 0;  ///< from 1
  std::string name;        ///< with its section before it: `rooms.history_size`
  std::string value;       ///< as it is written, without white space around it
  bool commented = false;  ///< a comment stands behind it
};

/// Returns the settings of a file: lines `NAME = VALUE`, and `[SECTION]` for those below it. A comment begins
/// with a `#` at the start of the line or behind white space. A byte order mark of UTF-8 and CRLF are fine.
/// The error names the line and shows no value.
Result<std::vector<ConfigLine>> config_lines(std::string_view content);

}  // namespace coroom::detail
