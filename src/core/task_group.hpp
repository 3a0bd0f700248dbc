#pragma once

#include "core/async_event.hpp"

#include <coroom/task.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <cstddef>
#include <functional>
#include <memory>

namespace coroom::detail {

/// Owns coroutines: whoever spawns into a group can wait until every one of them has ended.
/// All calls come from the one shard whose executor it was made with. A coroutine that throws ends itself
/// alone; the exception is logged.
class TaskGroup {
 public:
  explicit TaskGroup(const boost::asio::any_io_executor& executor);

  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;
  ~TaskGroup();

  void spawn(task<> work);

  /// The same for work that can be cancelled by the slot, and that has an owner, of the slot too perhaps, who
  /// is released when the work has ended.
  void spawn(task<> work, boost::asio::cancellation_slot slot, std::shared_ptr<void> owner);

  /// Spawns what `begin` returns, and does so again when that ends by an exception, or is destroyed before
  /// its end: an operation that finds no memory to begin destroys the coroutine that awaits it.
  void spawn_lasting(std::function<task<>()> begin);

  [[nodiscard]] std::size_t size() const { return state_->running; }

  /// Ends when nothing runs any more. More may be spawned meanwhile; that is waited for too.
  task<> wait();

 private:
  struct State {
    AsyncEvent ended;
    std::size_t running = 0;
    bool is_closed = false;  // the group is gone
  };

  /// Counts one coroutine as running until this is destroyed: where memory is short the handler of its end
  /// may be destroyed without being called.
  class Running;

  class Lasting;

  boost::asio::any_io_executor executor_;
  std::shared_ptr<State> state_ = std::make_shared<State>();  // handlers may outlive the group, unheard
};

}  // namespace coroom::detail
