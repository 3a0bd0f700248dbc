#pragma once

#include "net/shard_group.hpp"

#include <coroom/task.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace coroom::detail::application {

/// Runs a coroutine on each shard, for a thread that waits until all have ended, or its patience has. Those
/// that have not ended then may go on; what they use is held by `work`, or outlives them.
class EachShard {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Work = std::function<task<>(net::Shard& shard)>;

  /// On those shards for which `wanted` is true. Called on none of them.
  EachShard(net::ShardGroup& shards, const std::vector<bool>& wanted, Work work);

  /// Blocks. Returns for which shards it has ended, or was not wanted.
  std::vector<bool> wait_until(TimePoint deadline);

 private:
  struct State;

  std::shared_ptr<State> state_;
};

}  // namespace coroom::detail::application
