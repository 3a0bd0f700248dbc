#include "core/sleep.hpp"

#include "core/deadline.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace coroom::detail {

std::chrono::nanoseconds timer_time(const Clock& clock) {
  return clock.has_timers() ? clock.passed() : std::chrono::steady_clock::now().time_since_epoch();
}

task<> sleep_until(const Clock& clock, std::chrono::nanoseconds when) {
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor, boost::asio::steady_timer::time_point::max());
  Deadline over(executor, clock, [&timer] { timer.cancel(); });
  over.expires_after(when - timer_time(clock));
  co_await timer.async_wait(as_result);
}

}  // namespace coroom::detail
