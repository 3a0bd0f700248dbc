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

/// Accepting sockets on one address and port, one for each shard, in their order; the kernel spreads
/// connections over them.
using Acceptors = std::vector<boost::asio::ip::tcp::acceptor>;

/// Opens acceptors on each of the addresses, all on the same port; port 0 picks a free one. Addresses that
/// this machine does not have are left out as long as one is left, and where there is no IPv6, `::` is
/// `0.0.0.0`; both are logged. The port is claimed for us alone first, so a port that somebody else listens
/// on, another coroom too, is an error and never shared in silence.
Result<std::vector<Acceptors>> open_acceptors(ShardGroup& shards,
                                              const std::vector<boost::asio::ip::address>& addresses,
                                              std::uint16_t port);

/// Accepts the connections of one shard, few in a turn: a newcomer is much work, and a crowd of them that
/// comes at once must not keep those who are there from being written to.
class Listener final : private TurnTask {
 public:
  /// Called on the shard for every accepted socket, which is non-blocking and sends without delay
  /// (TCP_NODELAY).
  using Accepted = std::function<void(boost::asio::ip::tcp::socket)>;

  Listener(Shard& shard, boost::asio::ip::tcp::acceptor acceptor, Accepted accepted);

  /// Runs until stop(). Belongs into a task group of the shard; `this` outlives it.
  task<> run();

  /// On the shard.
  void stop();

 private:
  void end_of_turn() override { turn_ended_.notify(); }
  task<> accept();
  void admit(boost::asio::ip::tcp::socket socket);

  Shard& shard_;
  boost::asio::ip::tcp::acceptor acceptor_;
  Accepted accepted_;
  boost::asio::steady_timer pause_;
  AsyncEvent turn_ended_;
};

}  // namespace coroom::detail::net
