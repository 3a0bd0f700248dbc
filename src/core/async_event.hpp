#pragma once

#include <coroom/task.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <memory>

namespace coroom::detail {

/// Lets coroutines of one shard wait until another handler of the same shard says that something changed.
/// A waiter looks at its condition again after every notify(): `while (!ready) co_await event.wait();`
/// Costs a pointer until the first has waited.
class AsyncEvent {
 public:
  void notify() {
    if (timer_) timer_->cancel();
  }

  /// `this` must outlive the wait; its owner waits for all waiters before it goes.
  task<> wait() {
    using Timer = boost::asio::steady_timer;
    if (!timer_) {
      timer_ = std::make_unique<Timer>(co_await boost::asio::this_coro::executor, Timer::time_point::max());
    }
    co_await timer_->async_wait(as_result);
  }

 private:
  std::unique_ptr<boost::asio::steady_timer> timer_;
};

}  // namespace coroom::detail
