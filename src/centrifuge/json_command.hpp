#pragma once

#include "centrifuge/command.hpp"

#include <optional>
#include <string_view>

namespace coroom::detail::centrifuge::json {

/// Removes the next line from `rest` and returns its command; nullopt if only blank lines are left. Skips
/// blank lines, and a byte order mark before a command.
std::optional<ParsedCommand> take_command(std::string_view& rest);

}  // namespace coroom::detail::centrifuge::json
