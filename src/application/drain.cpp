#include "application/drain.hpp"

#include "net/connection.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <cstddef>

namespace coroom::detail::application {
namespace {

using std::chrono::milliseconds;

// A few connections stop at once; a crowd is spread over half of the available time.
constexpr milliseconds time_a_connection{1};
constexpr milliseconds step{20};
constexpr milliseconds quick_step{2};  // for tasks that only notice their cancellation

/// Stops all connections in even steps over `spread`, from the front of their list. A stopped connection
/// moves to the back, so the list stays complete whatever happens meanwhile.
task<> stop_all(net::Shard& shard, milliseconds spread) {
  net::Connections& connections = shard.connections();
  // At most: some connections may end meanwhile, and others are stopped twice.
  std::size_t remaining = connections.size();
  const auto steps = std::max<std::size_t>(1, static_cast<std::size_t>(spread / step));
  const std::size_t a_step = remaining / steps + 1;
  boost::asio::steady_timer pause(shard.executor());
  while (remaining != 0 && !connections.empty()) {
    for (std::size_t stopped = 0; stopped != a_step && remaining != 0 && !connections.empty();
         ++stopped, --remaining) {
      net::Connection& connection = connections.front();
      connections.splice(connections.end(), connections, connections.begin());
      connection.stop();
    }
    pause.expires_after(step);
    co_await pause.async_wait(as_result);
  }
}

task<> wait_for_tasks(net::Shard& shard, std::chrono::steady_clock::time_point deadline, milliseconds look) {
  boost::asio::steady_timer pause(shard.executor());
  while (shard.connection_tasks().size() != 0 && std::chrono::steady_clock::now() < deadline) {
    pause.expires_after(look);
    co_await pause.async_wait(as_result);
  }
}

}  // namespace

task<Drained> drain_connections(net::Shard& shard, milliseconds limit, milliseconds moment) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  shard.begin_stop();
  const auto crowd = static_cast<milliseconds::rep>(shard.connections().size());
  co_await stop_all(shard, std::min(limit / 2, time_a_connection * crowd));

  co_await wait_for_tasks(shard, deadline, step);
  Drained drained;
  drained.closed = shard.connections().size();
  for (net::Connection& connection : shard.connections()) connection.abort();
  co_await wait_for_tasks(shard, std::chrono::steady_clock::now() + moment, quick_step);
  drained.left = shard.connection_tasks().size();
  co_return drained;
}

}  // namespace coroom::detail::application
