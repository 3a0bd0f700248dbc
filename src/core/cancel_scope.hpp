#pragma once

#include <coroom/task.hpp>

#include <boost/asio/cancellation_signal.hpp>

namespace coroom {

/// Lets one coroutine be ended from outside while it waits for something that may never come. Belongs to one
/// shard, and outlives the work it runs.
class CancelScope {
 public:
  CancelScope() = default;

  /// Runs the work to its end; what it throws goes on to the caller.
  task<> run(task<> work);

  /// What the work waits for completes with operation_aborted, and so that it can't go on in spite of that,
  /// its next wait throws. Without work it does nothing.
  void cancel();

  /// True from cancel() to the end of the work.
  [[nodiscard]] bool cancelled() const { return cancelled_; }

 private:
  boost::asio::cancellation_signal signal_;
  bool running_ = false;
  bool cancelled_ = false;
};

}  // namespace coroom
