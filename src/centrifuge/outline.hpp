#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace coroom::detail::centrifuge {

/// The parts of a malformed command that the server can still recognize.
struct Outline {
  std::optional<std::uint64_t> id;  ///< none: no id from 1 on was found
  bool sends = false;               ///< the method is `send`, which has no reply
};

/// Looks for the id and the method of a command that the JSON parser rejects. Such a command may hold half a
/// surrogate pair, a control character or too many levels. Skips everything else, so that the error reply can
/// name the command.
Outline outline_of(std::string_view line);

}  // namespace coroom::detail::centrifuge
