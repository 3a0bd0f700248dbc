#pragma once

#include "core/async_event.hpp"

#include <coroom/task.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include <cstddef>
#include <functional>
#include <memory>

namespace coroom::detail {

/// A group of coroutines whose owner can wait until all of them have ended. All calls must come from the
/// shard whose executor it was made with. An exception ends only the coroutine that threw it, and is logged.
class TaskGroup {
  struct State;

 public:
  /// Counts as a running coroutine until it is destroyed.
  class Running {
   public:
    explicit Running(std::shared_ptr<State> state);
    Running(Running&&) noexcept = default;
    Running& operator=(Running&&) = delete;
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running();

   private:
    std::shared_ptr<State> state_;
  };

  explicit TaskGroup(const boost::asio::any_io_executor& executor);

  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;
  ~TaskGroup();

  void spawn(task<> work);

  /// Spawns a coroutine that the slot can cancel. `owner`, which may own the slot, is released when the
  /// coroutine has ended.
  void spawn(task<> work, boost::asio::cancellation_slot slot, std::shared_ptr<void> owner);

  /// Spawns the coroutine that `begin` returns. Spawns it again when it ends by an exception, or is destroyed
  /// before its end: an operation that cannot allocate memory to begin destroys the coroutine that awaits it.
  void spawn_lasting(std::function<task<>()> begin);

  /// Counts work of the group that it has not spawned.
  [[nodiscard]] Running count() const { return Running(state_); }

  [[nodiscard]] std::size_t size() const { return state_->running; }

  /// Ends when no coroutine runs. Coroutines that are spawned meanwhile are waited for too.
  task<> wait();

 private:
  struct State {
    AsyncEvent ended;
    std::size_t running = 0;
    bool is_closed = false;  // the group is destroyed
  };

  class Lasting;

  boost::asio::any_io_executor executor_;
  std::shared_ptr<State> state_ =
      std::make_shared<State>();  // handlers may outlive the group; then they have no effect
};

}  // namespace coroom::detail
