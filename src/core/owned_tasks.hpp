#pragma once

#include "core/task_group.hpp"

#include <coroom/task.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>

namespace coroom::detail {

/// Coroutines of one owner, who ends them all together: they are cancelled, and waited for. All calls come
/// from the one shard whose executor it was made with.
class OwnedTasks {
 public:
  /// Told of each exception that a coroutine ends by, unless it was cancelled.
  using Thrown = std::function<void(const std::exception_ptr& thrown)>;

  OwnedTasks(const boost::asio::any_io_executor& executor, Thrown thrown);

  OwnedTasks(const OwnedTasks&) = delete;
  OwnedTasks& operator=(const OwnedTasks&) = delete;

  /// Coroutines that have not ended go on without an owner; what they throw is told to nobody.
  ~OwnedTasks();

  /// False after cancel(): the work does not begin.
  [[nodiscard]] bool spawn(task<> work);

  /// What they wait for completes with operation_aborted, and their next wait throws.
  void cancel();

  [[nodiscard]] std::size_t size() const { return group_.size(); }

  /// Ends when none runs any more.
  task<> wait() { return group_.wait(); }

 private:
  struct State;
  class Owned;

  static task<> run(std::shared_ptr<State> state, std::shared_ptr<Owned> self, task<> work);

  TaskGroup group_;
  std::shared_ptr<State> state_;
};

}  // namespace coroom::detail
