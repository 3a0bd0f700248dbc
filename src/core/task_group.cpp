#include "core/task_group.hpp"

#include <coroom/log.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <utility>

namespace coroom {
namespace {

void report(const std::exception_ptr& failure) {
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    log::error("a task ended by an exception", {{"what", error.what()}});
  } catch (...) {
    log::error("a task ended by an exception", {{"what", "unknown"}});
  }
}

}  // namespace

class TaskGroup::Running {
 public:
  explicit Running(std::shared_ptr<State> state) : state_(std::move(state)) { ++state_->running; }
  Running(Running&&) noexcept = default;
  Running& operator=(Running&&) = delete;
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    if (state_ && --state_->running == 0) state_->ended.notify();
  }

 private:
  std::shared_ptr<State> state_;
};

TaskGroup::TaskGroup(const boost::asio::any_io_executor& executor) : executor_(executor) {}

TaskGroup::~TaskGroup() = default;

void TaskGroup::spawn(task<> work) {
  spawn(std::move(work), {}, nullptr);
}

void TaskGroup::spawn(task<> work, boost::asio::cancellation_slot slot, std::shared_ptr<void> owner) {
  auto ended = [running = Running(state_), owner = std::move(owner)](const std::exception_ptr& failure) {
    report(failure);
  };
  boost::asio::co_spawn(executor_, std::move(work),
                        boost::asio::bind_cancellation_slot(slot, std::move(ended)));
}

task<> TaskGroup::wait() {
  const auto state = state_;
  while (state->running != 0) co_await state->ended.wait();
}

}  // namespace coroom
