#pragma once

#include <coroom/error.hpp>
#include <coroom/settings.hpp>

namespace coroom::detail::application {

/// Whether sizes and times are such that anything can pass; the error names the first that is not. What needs
/// a look at files or addresses is checked where it is used.
Result<> check(const Settings& settings);

}  // namespace coroom::detail::application
