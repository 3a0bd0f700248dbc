#pragma once

#include <coroom/task.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <coroutine>
#include <exception>
#include <memory>

namespace coroom::detail {

class CallRunner;

/// Coroutines of Asio that run the calls of a thread's routines. A task<> can be awaited only by a coroutine
/// of Asio, whose start takes several allocations. So these are kept, and each runs one call after the other.
class CallRunners {
 public:
  explicit CallRunners(const boost::asio::any_io_executor& executor);
  CallRunners(const CallRunners&) = delete;
  CallRunners& operator=(const CallRunners&) = delete;

  /// No call may run.
  ~CallRunners();

  /// Releases the runners without a call, which count as work of the executor.
  void release_idle();

 private:
  friend class RoutineCall;
  friend class CallRunner;

  struct Pool;

  std::shared_ptr<Pool> pool_;
};

/// One call of a routine, and its result.
class RoutineCall {
 public:
  RoutineCall(CallRunners& runners, task<> work) : runners_(runners), work_(std::move(work)) {}
  RoutineCall(const RoutineCall&) = delete;
  RoutineCall& operator=(const RoutineCall&) = delete;

  /// A call that waits goes on without its routine: both are destroyed with their thread.
  ~RoutineCall();

  /// Runs the call until it waits or ends. Returns whether it waits; `caller` is then resumed at its end. An
  /// empty task ends at once.
  bool start(std::coroutine_handle<> caller);

  /// Completes the current wait of the call with operation_aborted. If the call goes on after that, its next
  /// wait throws. Has no effect on a call that does not wait.
  void cancel();
  [[nodiscard]] bool cancelled() const { return cancelled_; }

  /// Returns the exception that has ended the call; nullptr: none.
  [[nodiscard]] const std::exception_ptr& thrown() const { return thrown_; }

 private:
  friend class CallRunner;
  friend class CallRunners;

  CallRunners& runners_;
  task<> work_;
  CallRunner* runner_ = nullptr;  // while the call runs
  std::coroutine_handle<> caller_;
  std::exception_ptr thrown_;
  bool cancelled_ = false;
};

}  // namespace coroom::detail
