#pragma once

#include "centrifuge/command.hpp"

#include <optional>
#include <string_view>

namespace coroom::detail::centrifuge::protobuf {

/// Removes the next message, with its length, from `rest` and returns its command; nullopt if `rest` is
/// empty. An empty message is a pong. A length that is invalid or reaches beyond the end is a fault and
/// empties `rest`, because no later message can be found.
std::optional<ParsedCommand> take_command(std::string_view& rest);

}  // namespace coroom::detail::centrifuge::protobuf
