#pragma once

#include "core/async_event.hpp"
#include "net/shard.hpp"
#include "net/shard_group.hpp"
#include "net/turn.hpp"

#include <coroom/error.hpp>
#include <coroom/task.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <functional>
#include <vector>

namespace coroom::detail::net {

/// Listening sockets on one address and port, one for each shard, in the order of the shards. The kernel
/// distributes connections over them.
using Acceptors = std::vector<boost::asio::ip::tcp::acceptor>;

/// Opens acceptors on each of the addresses, all on the same port; port 0 selects a free one. Addresses that
/// this machine lacks are skipped while at least one remains. Without IPv6, `::` means `0.0.0.0`. Both are
/// logged. The port is first claimed exclusively. So a port on which another program listens, even another
/// coroom, is an error, and is never shared silently.
Result<std::vector<Acceptors>> open_acceptors(ShardGroup& shards,
                                              const std::vector<boost::asio::ip::address>& addresses,
                                              std::uint16_t port);

/// Accepts the connections of one shard, only a few in each turn. A new connection is expensive, and many at
/// once must not delay writes to existing connections.
class Listener final : private TurnTask {
 public:
  /// Called on the shard for each accepted socket, which is non-blocking and has TCP_NODELAY set, with the
  /// address of the peer.
  using Accepted = std::function<void(boost::asio::ip::tcp::socket, const boost::asio::ip::address& peer)>;

  Listener(Shard& shard, boost::asio::ip::tcp::acceptor acceptor, Accepted accepted);

  /// Runs until stop(). Must run in a task group of the shard; `this` must outlive it.
  task<> run();

  /// Must be called on the shard.
  void stop();

 private:
  void end_of_turn() override { turn_ended_.notify(); }
  task<> accept();
  void admit(boost::asio::ip::tcp::socket socket, const boost::asio::ip::address& peer);

  Shard& shard_;
  boost::asio::ip::tcp::acceptor acceptor_;
  Accepted accepted_;
  boost::asio::steady_timer pause_;
  AsyncEvent turn_ended_;
};

}  // namespace coroom::detail::net
