#pragma once

#include <coroom/clock.hpp>
#include <coroom/task.hpp>

#include <chrono>

namespace coroom::detail {

/// Returns the elapsed time that timers use: that of the clock if it has timers, otherwise that of the
/// machine.
std::chrono::nanoseconds timer_time(const Clock& clock);

/// Ends when timer_time() reaches `when`. Also ends, without an error, when it is cancelled. The clock must
/// outlive it.
task<> sleep_until(const Clock& clock, std::chrono::nanoseconds when);

}  // namespace coroom::detail
