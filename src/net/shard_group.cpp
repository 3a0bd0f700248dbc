#include "net/shard_group.hpp"

#include "core/keyed_hash.hpp"

#include <algorithm>
#include <utility>

namespace coroom::detail::net {

ShardGroup::ShardGroup(std::size_t size, const Clock& clock) {
  shards_.reserve(size);
  for (std::size_t index = 0; index != size; ++index)
    shards_.push_back(std::make_unique<Shard>(index, clock));
}

ShardGroup::ShardGroup(boost::asio::io_context& host, const Clock& clock) : is_guest_(true) {
  shards_.push_back(std::make_unique<Shard>(host, clock));
}

ShardGroup::~ShardGroup() {
  stop_and_join();
}

Result<> ShardGroup::use(IoBackend backend) {
  if (is_guest_ && backend == IoBackend::io_uring)
    return failure("io_uring needs the application's own threads, not an executor of the program");
  if (is_guest_ || backend == IoBackend::epoll) return {};
  if (backend == IoBackend::io_uring && !SendRing::works())
    return failure("io_uring is not available on this system");
  for (const auto& shard : shards_) shard->use_ring();
  return {};
}

void ShardGroup::start() {
  threads_.reserve(shards_.size());
  for (const auto& shard : shards_) {
    std::promise<void> ended;
    auto future = ended.get_future();
    std::thread thread([&running = *shard, ended = std::move(ended)]() mutable {
      running.run();
      ended.set_value();
    });
    threads_.push_back({std::move(thread), std::move(future)});
  }
}

bool ShardGroup::stop_and_join(std::chrono::steady_clock::time_point until) {
  using SteadyClock = std::chrono::steady_clock;
  if (threads_.empty()) return true;
  for (const auto& shard : shards_) shard->stop();
  bool all_ended = true;
  for (auto& [thread, ended] : threads_) {
    const bool has_ended =
        until == SteadyClock::time_point::max() || ended.wait_until(until) == std::future_status::ready;
    if (has_ended) {
      thread.join();
    } else {
      thread.detach();
      all_ended = false;
    }
  }
  threads_.clear();
  return all_ended;
}

bool ShardGroup::runs_in_this_thread() const {
  return std::ranges::any_of(shards_,
                             [](const auto& shard) { return shard->executor().running_in_this_thread(); });
}

Shard& ShardGroup::home_of(std::string_view name) {
  return *shards_[keyed_hash(name) % shards_.size()];
}

}  // namespace coroom::detail::net
