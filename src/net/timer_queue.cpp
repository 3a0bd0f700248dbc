#include "net/timer_queue.hpp"

#include "core/insist.hpp"
#include "core/sleep.hpp"
#include "core/thrown.hpp"

#include <algorithm>

namespace coroom::detail::net {

TimerQueue::TimerQueue(const boost::asio::any_io_executor& executor, const Clock& clock)
    : clock_(clock), next_(executor, clock, [this] { expire(); }) {}

std::chrono::nanoseconds TimerQueue::now() const {
  return detail::timer_time(clock_);
}

void TimerQueue::set(Timer& timer, std::chrono::nanoseconds due) {
  if (timer.is_linked()) timers_.erase(timers_.iterator_to(timer));
  timer.due_ = std::max(due, expired_ + std::chrono::nanoseconds(1));
  timers_.insert(timer);
  detail::insist("the timers of a shard", [this] { wait(); });
}

/// Without a timer, nothing of the queue keeps the context of the executor running.
void TimerQueue::cancel(Timer& timer) {
  if (!timer.is_linked()) return;
  timers_.erase(timers_.iterator_to(timer));
  if (!timers_.empty()) return;
  next_.cancel();
  waits_until_ = std::chrono::nanoseconds::max();
}

/// Waits for the earliest timer, unless that is done already: most timers are set behind others.
void TimerQueue::wait() {
  if (timers_.empty() || timers_.begin()->due_ >= waits_until_) return;
  const auto due = timers_.begin()->due_;
  waits_until_ = std::chrono::nanoseconds::max();  // also if the next call throws: it has ended the wait
  next_.expires_after(std::max(due - now(), std::chrono::nanoseconds(0)));
  waits_until_ = due;
}

void TimerQueue::expire() {
  waits_until_ = std::chrono::nanoseconds::max();
  expired_ = now();
  while (!timers_.empty() && timers_.begin()->due_ <= expired_) {
    Timer& timer = *timers_.begin();
    timers_.erase(timers_.begin());
    detail::log_what_is_thrown("a timer threw", [&timer] { timer.on_time(); });
  }
  detail::insist("the timers of a shard", [this] { wait(); });
}

}  // namespace coroom::detail::net
