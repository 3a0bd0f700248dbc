#pragma once

#include <exception>
#include <string>

namespace coroom {

/// What an exception says of itself, for the log.
std::string what_of(const std::exception_ptr& thrown);

/// True if it says that what was awaited has been cancelled.
bool is_cancellation(const std::exception_ptr& thrown);

}  // namespace coroom
