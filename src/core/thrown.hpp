#pragma once

#include <coroom/log.hpp>

#include <exception>
#include <string>
#include <string_view>

namespace coroom::detail {

/// What an exception says of itself, for the log.
std::string what_of(const std::exception_ptr& thrown);

/// True if it says that what was awaited has been cancelled.
bool is_cancellation(const std::exception_ptr& thrown);

/// Calls what a program brings; of what it throws the log tells, as `event`, and that is all.
template <class Call>
void log_what_is_thrown(std::string_view event, Call call) {
  try {
    call();
  } catch (...) {
    logging::error(event, {{"error", what_of(std::current_exception())}});
  }
}

}  // namespace coroom::detail
