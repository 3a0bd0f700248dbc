#pragma once

#include <coroom/log.hpp>

#include <exception>
#include <string>
#include <string_view>

namespace coroom::detail {

/// Returns the message of an exception, for the log.
std::string what_of(const std::exception_ptr& thrown) noexcept;

/// Returns whether the exception reports a cancelled operation.
bool is_cancellation(const std::exception_ptr& thrown);

/// Calls a function of the program. Logs its exceptions under `event` and does not rethrow them.
template <class Call>
void log_what_is_thrown(std::string_view event, Call call) {
  try {
    call();
  } catch (...) {
    logging::error(event, {{"error", what_of(std::current_exception())}});
  }
}

}  // namespace coroom::detail
