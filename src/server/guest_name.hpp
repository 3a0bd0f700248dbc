#pragma once

#include <coroom/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace coroom::server {

constexpr std::size_t longest_guest_name = 40;  // code points, so that it fits beside what is said

/// The name that a guest has asked for, as it is shown (shown_name()). An error says in a sentence why it is
/// none, or that it is too long.
Result<std::string> guest_name(std::string_view text);

}  // namespace coroom::server
