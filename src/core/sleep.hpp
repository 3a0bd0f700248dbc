#pragma once

#include <coroom/clock.hpp>
#include <coroom/task.hpp>

#include <chrono>

namespace coroom::detail {

/// Returns what has passed, by the time that timers go by: the clock's, if it has timers, or the machine's.
std::chrono::nanoseconds timer_time(const Clock& clock);

/// Ends when timer_time() has come to `when`, or when it is cancelled, without an error then. The clock
/// outlives it.
task<> sleep_until(const Clock& clock, std::chrono::nanoseconds when);

}  // namespace coroom::detail
