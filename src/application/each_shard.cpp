#include "application/each_shard.hpp"

#include "core/thrown.hpp"

#include <coroom/log.hpp>

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <utility>

namespace coroom::detail::application {

struct EachShard::State {
  State(Work to_do, std::size_t shards) : work(std::move(to_do)), ended(shards, true) {}

  const Work work;
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<bool> ended;  // by shard; guarded by mutex
};

EachShard::EachShard(net::ShardGroup& shards, const std::vector<bool>& wanted, Work work)
    : state_(std::make_shared<State>(std::move(work), shards.size())) {
  for (std::size_t index = 0; index != shards.size(); ++index) {
    if (!wanted[index]) continue;
    {
      const std::lock_guard<std::mutex> lock(state_->mutex);
      state_->ended[index] = false;
    }
    const auto end = [state = state_, index](const std::exception_ptr& thrown) {
      if (thrown) logging::error("a shard failed to stop", {{"error", what_of(thrown)}});
      const std::lock_guard<std::mutex> lock(state->mutex);
      state->ended[index] = true;
      state->changed.notify_all();
    };
    boost::asio::co_spawn(shards[index].executor(), state_->work(shards[index]), end);
  }
}

std::vector<bool> EachShard::wait_until(TimePoint deadline) {
  std::unique_lock<std::mutex> lock(state_->mutex);
  const auto all_ended = [this] { return std::ranges::all_of(state_->ended, std::identity()); };
  state_->changed.wait_until(lock, deadline, all_ended);
  return state_->ended;
}

}  // namespace coroom::detail::application
