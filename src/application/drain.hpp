#pragma once

#include "net/shard.hpp"

#include <coroom/task.hpp>

#include <chrono>
#include <cstddef>

namespace coroom::detail::application {

/// How the connections of a shard have ended.
struct Drained {
  std::size_t closed = 0;  ///< without goodbye
  std::size_t left = 0;    ///< coroutines that have not ended
};

/// Ends the connections of one shard: tells each of them, spread over a while so that their clients do not
/// all come back at the same moment; waits for them; closes what is left when `limit` is over, cancels its
/// handlers, and gives them `moment` to end. Runs on the shard, outside of its task groups.
task<Drained> drain_connections(net::Shard& shard, std::chrono::milliseconds limit,
                                std::chrono::milliseconds moment);

}  // namespace coroom::detail::application
