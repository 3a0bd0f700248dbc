#pragma once

#include "centrifuge/command.hpp"

#include <optional>
#include <string_view>

namespace coroom::detail::centrifuge::json {

/// Removes the next line from `rest` and returns its command; nullopt if only blank lines are left. Skips
/// blank lines, and a byte order mark before a command.
std::optional<ParsedCommand> take_command(std::string_view& rest);

/// Reads the request of a one-way client: the fields of `connect` alone, without an envelope. Blank text is a
/// request without fields.
tl::expected<ConnectRequest, CommandFault> read_connect_request(std::string_view text);

}  // namespace coroom::detail::centrifuge::json
