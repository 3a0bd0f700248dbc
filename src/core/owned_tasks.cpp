#include "core/owned_tasks.hpp"

#include "core/cancel_scope.hpp"

#include <boost/intrusive/list.hpp>

#include <utility>

namespace coroom::detail {

using Hook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// One coroutine of the owner. It removes itself from the list when it is destroyed.
class OwnedTasks::Owned : public Hook, public std::enable_shared_from_this<Owned> {
 public:
  CancelScope scope;
};

struct OwnedTasks::State {
  using List = boost::intrusive::list<Owned, boost::intrusive::constant_time_size<false>>;

  explicit State(Thrown to_tell) : thrown(std::move(to_tell)) {}

  Thrown thrown;  // empty: the owner is destroyed
  bool cancelled = false;
  List running;
};

OwnedTasks::OwnedTasks(const boost::asio::any_io_executor& executor, Thrown thrown)
    : group_(executor), state_(std::make_shared<State>(std::move(thrown))) {}

OwnedTasks::~OwnedTasks() {
  state_->thrown = nullptr;
}

bool OwnedTasks::spawn(task<> work) {
  if (state_->cancelled) return false;
  const auto owned = std::make_shared<Owned>();
  state_->running.push_back(*owned);
  group_.spawn(run(state_, owned, std::move(work)), owned->scope.slot(), owned);
  return true;
}

task<> OwnedTasks::run(std::shared_ptr<State> state, std::shared_ptr<Owned> self, task<> work) {
  if (state->cancelled) co_return;  // cancelled before it began
  std::exception_ptr thrown;
  try {
    co_await self->scope.run(std::move(work));
  } catch (...) {
    thrown = std::current_exception();
  }
  if (thrown && !self->scope.cancelled() && state->thrown) state->thrown(thrown);
}

void OwnedTasks::cancel() {
  state_->cancelled = true;
  // A cancelled coroutine may end at once and leave its list. Needs no memory.
  State::List all;
  all.swap(state_->running);
  while (!all.empty()) {
    const auto one = all.front().shared_from_this();
    all.pop_front();
    state_->running.push_back(*one);
    one->scope.cancel();
  }
}

}  // namespace coroom::detail
