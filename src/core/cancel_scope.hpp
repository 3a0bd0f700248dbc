#pragma once

#include <coroom/task.hpp>

#include <boost/asio/cancellation_signal.hpp>

namespace coroom::detail {

/// Lets one part of a coroutine be cancelled from outside while it waits. Belongs to one shard, and outlives
/// the coroutine.
class CancelScope {
 public:
  CancelScope() = default;

  /// Returns the slot that the coroutine must be spawned with.
  boost::asio::cancellation_slot slot() { return signal_.slot(); }

  /// Runs the cancellable part to its end. Its exceptions are rethrown to the caller.
  task<> run(task<> part);

  /// Completes the current wait of the part with operation_aborted. If the part continues after that, its
  /// next wait throws. Has no effect while no part runs.
  void cancel();

  /// Returns whether the running part was cancelled, or the last one if none runs.
  [[nodiscard]] bool cancelled() const { return cancelled_; }

 private:
  boost::asio::cancellation_signal signal_;
  bool running_ = false;
  bool cancelled_ = false;
};

}  // namespace coroom::detail
