#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace coroom::detail::centrifuge {

/// What can be told of a command that can't be read as a whole.
struct Outline {
  std::optional<std::uint64_t> id;  ///< none: no id was found, or none from 1 on
  bool sends = false;               ///< its method is `send`, which has no reply
};

/// Looks for the id and the method of a command that no JSON reader takes: one with half a surrogate pair, a
/// control character or too many levels in it. Skips what it does not look for, whatever it is, so that the
/// client can be told which of its commands was refused.
Outline outline_of(std::string_view line);

}  // namespace coroom::detail::centrifuge
