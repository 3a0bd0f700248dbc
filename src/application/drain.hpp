#pragma once

#include "net/shard.hpp"

#include <coroom/task.hpp>

#include <chrono>
#include <cstddef>

namespace coroom::detail::application {

/// The result of drain_connections().
struct Drained {
  std::size_t closed = 0;  ///< without a close frame
  std::size_t left = 0;    ///< coroutines that have not ended
};

/// Ends the connections of one shard. Stops them one after another, so that their clients do not all
/// reconnect at the same moment, and waits for them. After `limit`, closes the remaining ones, cancels their
/// handlers, and waits `moment` for these to end. Must run on the shard, outside its task groups.
task<Drained> drain_connections(net::Shard& shard, std::chrono::milliseconds limit,
                                std::chrono::milliseconds moment);

}  // namespace coroom::detail::application
