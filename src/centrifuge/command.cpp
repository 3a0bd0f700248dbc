#include "centrifuge/command.hpp"

#include "centrifuge/json_command.hpp"
#include "centrifuge/protobuf_command.hpp"

#include <utility>

namespace coroom::detail::centrifuge {

std::optional<ParsedCommand> CommandReader::next() {
  auto command = encoding_ == Encoding::protobuf ? protobuf::take_command(rest_) : json::take_command(rest_);
  const bool is_first = std::exchange(first_, false);
  if (!command && is_first) return tl::unexpected(CommandFault{"a frame without a command", {}});
  return command;
}

}  // namespace coroom::detail::centrifuge
