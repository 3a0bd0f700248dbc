#pragma once

#include "net/shard_group.hpp"

#include <coroom/task.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace coroom::detail::application {

/// A coroutine on each shard, awaited by a thread up to a deadline. A coroutine that misses the deadline may
/// go on, so `work` must own the objects that it uses, or these must outlive it.
class EachShard {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Work = std::function<task<>(net::Shard& shard)>;

  /// Starts `work` on those shards for which `wanted` is true. Must not be called on any of them.
  EachShard(net::ShardGroup& shards, const std::vector<bool>& wanted, Work work);

  /// Blocks until all coroutines have ended, or until the deadline. Returns, by shard, whether the coroutine
  /// has ended or was not wanted.
  std::vector<bool> wait_until(TimePoint deadline);

 private:
  struct State;

  std::shared_ptr<State> state_;
};

}  // namespace coroom::detail::application
