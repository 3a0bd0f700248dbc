#pragma once

#include <coroom/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace coroom::server {

constexpr std::size_t longest_guest_name = 40;  // code points, so that it fits beside what is said

/// The name that a guest has asked for, without white space around it. An error says in a sentence why it is
/// none: no UTF-8, empty, too long, nothing that can be seen, a control character, the end of a line, or a
/// character that turns the direction of all text behind it.
Result<std::string> guest_name(std::string_view text);

}  // namespace coroom::server
