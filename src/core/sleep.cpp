#include "core/sleep.hpp"

#include "core/deadline.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace coroom::detail {

using Timer = boost::asio::steady_timer;

std::chrono::nanoseconds timer_time(const Clock& clock) {
  return clock.has_timers() ? clock.passed() : Timer::clock_type::now().time_since_epoch();
}

task<> sleep_until(const Clock& clock, std::chrono::nanoseconds when) {
  const auto executor = co_await boost::asio::this_coro::executor;
  Timer timer(executor, Timer::time_point::max());
  Deadline over(executor, clock, [&timer] { timer.cancel(); });
  over.expires_after(when - timer_time(clock));
  co_await timer.async_wait(as_result);
}

}  // namespace coroom::detail
