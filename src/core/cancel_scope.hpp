#pragma once

#include <coroom/task.hpp>

#include <boost/asio/cancellation_signal.hpp>

namespace coroom::detail {

/// Lets a part of a coroutine be ended from outside while it waits for something that may never come. Belongs
/// to one shard, and outlives the coroutine.
class CancelScope {
 public:
  CancelScope() = default;

  /// What the coroutine is spawned with.
  boost::asio::cancellation_slot slot() { return signal_.slot(); }

  /// That part: runs it to its end; what it throws goes on to the caller.
  task<> run(task<> part);

  /// What the part waits for completes with operation_aborted, and so that it can't go on in spite of that,
  /// its next wait throws. Outside of it nothing happens.
  void cancel();

  /// Whether the part, or if none runs, the last one, was cancelled.
  [[nodiscard]] bool cancelled() const { return cancelled_; }

 private:
  boost::asio::cancellation_signal signal_;
  bool running_ = false;
  bool cancelled_ = false;
};

}  // namespace coroom::detail
