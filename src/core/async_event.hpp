#pragma once

#include <coroom/task.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <memory>

namespace coroom::detail {

/// Lets coroutines of one shard wait for a change that another handler of the same shard makes. A waiter
/// checks its condition again after every notify(): `while (!ready) co_await event.wait();` Needs the memory
/// of a pointer until the first wait.
class AsyncEvent {
 public:
  void notify() {
    if (timer_) timer_->cancel();
  }

  /// Ends at the next notify(). `this` must outlive the wait: the owner waits for all waiters before it
  /// destroys the event.
  task<> wait() {
    if (!timer_) {
      timer_ = std::make_unique<boost::asio::steady_timer>(co_await boost::asio::this_coro::executor,
                                                           boost::asio::steady_timer::time_point::max());
    }
    co_await timer_->async_wait(as_result);
  }

 private:
  std::unique_ptr<boost::asio::steady_timer> timer_;
};

}  // namespace coroom::detail
