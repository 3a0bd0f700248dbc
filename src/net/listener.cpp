#include "net/listener.hpp"

#include "core/work_trail.hpp"

#include <coroom/log.hpp>

#include <boost/asio/detail/socket_option.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include <chrono>
#include <exception>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <tuple>
#include <utility>

namespace coroom::detail::net {
namespace {

using boost::asio::ip::tcp;
using ReusePort = boost::asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;
using UnsentLimit = boost::asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>;

constexpr int backlog = 4096;  // connections; the kernel limits it further (net.core.somaxconn)
constexpr unsigned accepted_a_turn = 4;

// Bytes that the kernel buffers for a connection before it sends them. The kernel's default may be megabytes,
// which no budget counts, and which the queue of a slow peer does not show.
constexpr int unsent_limit = 256 * 1024;

constexpr std::chrono::milliseconds pause_when_out_of_files{100};

enum class BindMode { exclusive_first, shared };

boost::system::error_code open(tcp::acceptor& acceptor, const tcp::endpoint& endpoint, BindMode mode) {
  boost::system::error_code ec;
  const auto step = [&ec](auto&& action) {
    if (!ec) action();
  };
  step([&] { acceptor.open(endpoint.protocol(), ec); });
  step([&] { acceptor.set_option(tcp::acceptor::reuse_address(true), ec); });
  if (endpoint.address().is_v6()) {
    step([&] { acceptor.set_option(boost::asio::ip::v6_only(!endpoint.address().is_unspecified()), ec); });
  }
  // A socket without SO_REUSEPORT cannot be bound if another socket uses the port. The option is set only
  // after that, for the sockets of the other shards. So another program can never bind the port in between.
  if (mode == BindMode::shared) step([&] { acceptor.set_option(ReusePort(true), ec); });
  step([&] { acceptor.bind(endpoint, ec); });
  if (mode == BindMode::exclusive_first) step([&] { acceptor.set_option(ReusePort(true), ec); });
  // Accepted sockets inherit these.
  step([&] { acceptor.set_option(tcp::no_delay(true), ec); });
  step([&] { acceptor.set_option(UnsentLimit(unsent_limit), ec); });
  step([&] { acceptor.listen(backlog, ec); });
  step([&] { acceptor.non_blocking(true, ec); });
  // Without it, accept() would wait for the next connection in place of one that has ended.
  step([&] { acceptor.set_option(boost::asio::socket_base::enable_connection_aborted(true), ec); });
  return ec;
}

/// The acceptors of one address, or the error of the last one.
struct Opened {
  Acceptors acceptors;
  boost::system::error_code ec;
};

Opened open_all(ShardGroup& shards, tcp::endpoint endpoint) {
  Opened opened;
  for (const auto& shard : shards) {
    const BindMode mode = opened.acceptors.empty() ? BindMode::exclusive_first : BindMode::shared;
    tcp::acceptor& acceptor = opened.acceptors.emplace_back(shard->executor());
    opened.ec = open(acceptor, endpoint, mode);
    if (opened.ec) break;
    endpoint.port(acceptor.local_endpoint().port());
  }
  return opened;
}

/// Returns whether the error means that this machine or its kernel lacks the address.
bool is_absent(const boost::system::error_code& ec) {
  return ec == boost::asio::error::address_family_not_supported ||
         ec == boost::system::errc::address_not_available;
}

/// On a machine without IPv6, "all addresses" means all IPv4 addresses.
Opened open_any(ShardGroup& shards, const tcp::endpoint& endpoint) {
  Opened opened = open_all(shards, endpoint);
  if (endpoint.address() != boost::asio::ip::address_v6::any() || !is_absent(opened.ec)) return opened;
  logging::warning("IPv6 is not available: listening on 0.0.0.0", {{"cause", opened.ec.message()}});
  return open_all(shards, {boost::asio::ip::address_v4::any(), endpoint.port()});
}

tl::unexpected<Error> refusal(const tcp::endpoint& endpoint, const boost::system::error_code& ec) {
  const bool taken = ec == boost::asio::error::address_in_use;
  return failure("cannot listen on " + endpoint.address().to_string() + " port " +
                 std::to_string(endpoint.port()) + ": " +
                 (taken ? "another program listens on this port" : ec.message()));
}

}  // namespace

Result<std::vector<Acceptors>> open_acceptors(ShardGroup& shards,
                                              const std::vector<boost::asio::ip::address>& addresses,
                                              std::uint16_t port) {
  // A port that is free at one address may be in use at the next.
  for (unsigned tries_left = port == 0 ? 16 : 1;; --tries_left) {
    std::vector<Acceptors> all;
    std::vector<tcp::endpoint> absent;
    tcp::endpoint endpoint({}, port);
    boost::system::error_code ec;
    for (const auto& address : addresses) {
      endpoint.address(address);
      Opened opened = open_any(shards, endpoint);
      ec = opened.ec;
      if (is_absent(ec)) {
        absent.push_back(endpoint);
      } else if (ec) {
        break;
      } else {
        endpoint.port(opened.acceptors.front().local_endpoint().port());
        all.push_back(std::move(opened.acceptors));
      }
    }
    const bool picked_a_port = port == 0 && endpoint.port() != 0;
    if (ec == boost::asio::error::address_in_use && picked_a_port && tries_left > 1) continue;
    if ((ec && !is_absent(ec)) || all.empty()) return refusal(endpoint, ec);
    for (const tcp::endpoint& missing : absent) {
      // The loopback address of a missing IP version does not matter: no client connects to it.
      const auto level = missing.address().is_loopback() ? logging::Level::debug : logging::Level::warning;
      logging::write(level, "not an address of this machine", {{"address", missing.address().to_string()}});
    }
    return all;
  }
}

Listener::Listener(Shard& shard, tcp::acceptor acceptor, Accepted accepted)
    : shard_(shard),
      acceptor_(std::move(acceptor)),
      accepted_(std::move(accepted)),
      pause_(shard.executor()) {}

/// Continues after an error, such as lack of memory, until it is stopped.
task<> Listener::run() {
  bool failed = false;
  while (acceptor_.is_open()) {
    try {
      if (std::exchange(failed, false)) {
        pause_.expires_after(pause_when_out_of_files);
        co_await pause_.async_wait(as_result);
      }
      co_await accept();
    } catch (const std::exception& why) {
      logging::error("cannot accept connections", {{"cause", why.what()}});
      failed = true;
    }
  }
}

task<> Listener::accept() {
  bool out_of_files = false;
  unsigned accepted = 0;  // since the last wait for the end of a turn
  while (acceptor_.is_open()) {
    tcp::endpoint peer;
    boost::system::error_code ec;
    tcp::socket socket = acceptor_.accept(peer, ec);
    if (ec == boost::asio::error::would_block)
      std::tie(ec) = co_await acceptor_.async_wait(tcp::acceptor::wait_read, as_result);
    if (!ec && socket.is_open()) {
      out_of_files = false;
      boost::system::error_code ignored;  // the first read reports a lost peer
      socket.non_blocking(true, ignored);
      admit(std::move(socket), peer.address());
      if (++accepted == accepted_a_turn) {
        accepted = 0;
        shard_.seal_at_turn_end(*this);
        co_await turn_ended_.wait();
      }
    } else if (ec == boost::asio::error::operation_aborted || ec == boost::asio::error::bad_descriptor) {
      co_return;
    } else if (ec && ec != boost::asio::error::connection_aborted) {
      // Out of file descriptors or memory. Connections in the backlog are accepted once others have ended.
      if (!std::exchange(out_of_files, true))
        logging::error("cannot accept connections", {{"cause", ec.message()}});
      pause_.expires_after(pause_when_out_of_files);
      co_await pause_.async_wait(as_result);
    }
  }
}

/// An error, such as lack of memory, ends only this connection.
void Listener::admit(tcp::socket socket, const boost::asio::ip::address& peer) {
  detail::WorkTrail::of_this_thread().add(detail::WorkKind::accept);
  try {
    accepted_(std::move(socket), peer);
  } catch (const std::exception& why) {
    logging::error("cannot serve a connection", {{"cause", why.what()}});
  }
}

void Listener::stop() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
}

}  // namespace coroom::detail::net
