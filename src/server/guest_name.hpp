#pragma once

#include <coroom/error.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace coroom::server {

constexpr std::size_t longest_guest_name = 40;  // code points; the page shows a name beside its message

/// Returns the requested name of a guest as it is shown (shown_name()). The error is a sentence: why the name
/// is invalid or too long.
Result<std::string> guest_name(std::string_view text);

}  // namespace coroom::server
