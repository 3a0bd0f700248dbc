#pragma once

#include <coroom/error.hpp>
#include <coroom/settings.hpp>

namespace coroom::detail::application {

/// Checks that sizes and times are in their ranges; the error names the first one that is not. Files and
/// addresses are checked where they are used.
Result<> check(const Settings& settings);

}  // namespace coroom::detail::application
