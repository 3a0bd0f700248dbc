#include "core/task_group.hpp"

#include "core/insist.hpp"
#include "core/thrown.hpp"

#include <coroom/log.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include <exception>
#include <utility>

namespace coroom::detail {
namespace {

void report(const std::exception_ptr& failure) {
  if (failure) logging::error("a task ended by an exception", {{"error", what_of(failure)}});
}

}  // namespace

TaskGroup::Running::Running(std::shared_ptr<State> state) : state_(std::move(state)) {
  ++state_->running;
}

TaskGroup::Running::~Running() {
  if (state_ && --state_->running == 0) state_->ended.notify();
}

/// A coroutine that is spawned again until it ends normally.
class TaskGroup::Lasting {
 public:
  using Begin = std::function<task<>()>;

  Lasting(std::shared_ptr<State> state, boost::asio::any_io_executor executor, std::shared_ptr<Begin> begin)
      : state_(state), executor_(std::move(executor)), begin_(std::move(begin)), running_(std::move(state)) {}
  Lasting(const Lasting&) = delete;
  Lasting& operator=(const Lasting&) = delete;
  ~Lasting() {
    if (!spawned_ || ended_ || state_->is_closed) return;
    // Not at once: the failed coroutine is still being destroyed here.
    insist("a lasting task", [this] {
      boost::asio::post(executor_, [state = state_, executor = executor_, begin = begin_,
                                    running = std::make_shared<Running>(state_)] {
        insist("a lasting task", [&] { spawn(state, executor, begin); });
      });
    });
  }

  static void spawn(const std::shared_ptr<State>& state, const boost::asio::any_io_executor& executor,
                    const std::shared_ptr<Begin>& begin) {
    const auto self = std::make_shared<Lasting>(state, executor, begin);
    boost::asio::co_spawn(executor, (*begin)(), [self](const std::exception_ptr& failure) {
      report(failure);
      self->ended_ = !failure;
    });
    self->spawned_ = true;
  }

 private:
  std::shared_ptr<State> state_;
  boost::asio::any_io_executor executor_;
  std::shared_ptr<Begin> begin_;
  Running running_;
  bool spawned_ = false;
  bool ended_ = false;
};

TaskGroup::TaskGroup(const boost::asio::any_io_executor& executor) : executor_(executor) {}

TaskGroup::~TaskGroup() {
  state_->is_closed = true;
}

void TaskGroup::spawn(task<> work) {
  spawn(std::move(work), {}, nullptr);
}

void TaskGroup::spawn(task<> work, boost::asio::cancellation_slot slot, std::shared_ptr<void> owner) {
  // When memory is short, the completion handler of a coroutine may be destroyed without a call.
  auto ended = [running = Running(state_), owner = std::move(owner)](const std::exception_ptr& failure) {
    report(failure);
  };
  boost::asio::co_spawn(executor_, std::move(work),
                        boost::asio::bind_cancellation_slot(slot, std::move(ended)));
}

void TaskGroup::spawn_lasting(std::function<task<>()> begin) {
  Lasting::spawn(state_, executor_, std::make_shared<Lasting::Begin>(std::move(begin)));
}

task<> TaskGroup::wait() {
  const auto state = state_;
  while (state->running != 0) co_await state->ended.wait();
}

}  // namespace coroom::detail
