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
  friend class RoutineCalls;
  friend class CallRunner;

  struct Pool;

  std::shared_ptr<Pool> pool_;
};

/// The calls that a routine makes one after the other without being resumed between them, and their result.
/// The last call is the first one that waits, or throws.
class RoutineCalls {
 public:
  explicit RoutineCalls(CallRunners& runners) : runners_(runners) {}
  RoutineCalls(const RoutineCalls&) = delete;
  RoutineCalls& operator=(const RoutineCalls&) = delete;

  /// Runs the calls until one waits, or all have ended. Returns whether one waits; `caller` is then resumed
  /// at its end.
  bool start(std::coroutine_handle<> caller);

  /// Returns whether the last call has waited, so that another one may follow.
  [[nodiscard]] bool have_waited() const { return caller_ != nullptr; }

  /// Completes the current wait of the call with operation_aborted. If the call goes on after that, its next
  /// wait throws. Has no effect on a call that does not wait.
  void cancel();
  [[nodiscard]] bool cancelled() const { return cancelled_; }

  /// Returns the exception that has ended the last call; nullptr: none.
  [[nodiscard]] const std::exception_ptr& thrown() const { return thrown_; }

 protected:
  /// A call that still waits keeps its coroutine, which is destroyed with the executor.
  ~RoutineCalls();

 private:
  friend class CallRunner;

  /// Returns the next call; an empty task if there is none.
  virtual task<> next() = 0;

  CallRunners& runners_;
  CallRunner* runner_ = nullptr;  // while a call runs
  std::coroutine_handle<> caller_;
  std::exception_ptr thrown_;
  bool cancelled_ = false;
};

}  // namespace coroom::detail
