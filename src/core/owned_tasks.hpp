#pragma once

#include "core/task_group.hpp"

#include <coroom/task.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>

namespace coroom::detail {

/// Coroutines of one owner, which cancels all of them together and waits for their end. All calls must come
/// from the shard whose executor it was made with.
class OwnedTasks {
 public:
  /// Called with each exception that ends a coroutine, unless that coroutine was cancelled.
  using Thrown = std::function<void(const std::exception_ptr& thrown)>;

  OwnedTasks(const boost::asio::any_io_executor& executor, Thrown thrown);

  OwnedTasks(const OwnedTasks&) = delete;
  OwnedTasks& operator=(const OwnedTasks&) = delete;

  /// Coroutines that have not ended continue without an owner. Their exceptions are ignored.
  ~OwnedTasks();

  /// Spawns a coroutine. Returns false after cancel(): the coroutine does not begin.
  [[nodiscard]] bool spawn(task<> work);

  /// Cancels all coroutines: their current waits complete with operation_aborted, and their next waits throw.
  void cancel();

  [[nodiscard]] std::size_t size() const { return group_.size(); }

  /// Ends when no coroutine runs.
  task<> wait() { return group_.wait(); }

 private:
  struct State;
  class Owned;

  static task<> run(std::shared_ptr<State> state, std::shared_ptr<Owned> self, task<> work);

  TaskGroup group_;
  std::shared_ptr<State> state_;
};

}  // namespace coroom::detail
