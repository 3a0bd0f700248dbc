#pragma once

#include "net/shard.hpp"

#include <coroom/task.hpp>

#include <chrono>

namespace coroom::application {

/// Ends the connections of one shard: tells each of them, spread over a while so that their clients do not
/// all come back at the same moment; waits for them; closes what is left when `limit` is over. Gives how many
/// it had to close. Runs on the shard, outside of its task groups. Afterwards no connection's coroutine is
/// left.
task<std::size_t> drain_connections(net::Shard& shard, std::chrono::milliseconds limit);

}  // namespace coroom::application
