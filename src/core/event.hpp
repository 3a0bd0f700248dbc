#pragma once

#include <coroom/task.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace coroom {

/// Lets coroutines of one shard wait until another handler of the same shard says that something changed.
/// A waiter looks at its condition again after every notify(): `while (!ready) co_await event.wait();`
class Event {
 public:
  explicit Event(const boost::asio::any_io_executor& executor)
      : timer_(executor, boost::asio::steady_timer::time_point::max()) {}

  void notify() { timer_.cancel(); }

  /// `this` must outlive the wait; its owner waits for all waiters before it goes.
  task<> wait() { co_await timer_.async_wait(as_result); }

 private:
  boost::asio::steady_timer timer_;
};

}  // namespace coroom
