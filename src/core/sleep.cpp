#include "core/sleep.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <memory>

namespace coroom {

using Timer = boost::asio::steady_timer;

std::chrono::nanoseconds timer_time(const Clock& clock) {
  return clock.has_timers() ? clock.passed() : Timer::clock_type::now().time_since_epoch();
}

task<> sleep_until(const Clock& clock, std::chrono::nanoseconds when) {
  const auto executor = co_await boost::asio::this_coro::executor;
  const auto timer = std::make_shared<Timer>(executor, Timer::time_point::max());
  if (clock.has_timers()) {
    clock.call_at(when, [weak = std::weak_ptr<Timer>(timer), executor] {
      boost::asio::post(executor, [weak] {
        if (const auto waiting = weak.lock()) waiting->cancel();
      });
    });
  } else {
    timer->expires_at(Timer::time_point(when));
  }
  co_await timer->async_wait(as_result);
}

}  // namespace coroom
