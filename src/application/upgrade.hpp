#pragma once

#include "http/response.hpp"
#include "net/socket.hpp"
#include "websocket/session.hpp"

#include <coroom/counters.hpp>
#include <coroom/http_error.hpp>
#include <coroom/rate_limit.hpp>

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace coroom::detail::application {

/// Returns the error for a request that cannot become a WebSocket (RFC 6455 section 4.2.1), or nullopt. The
/// status is 400 if the request is no upgrade or has no valid key, and 426 for another version of the
/// protocol.
std::optional<HttpError> refuse_upgrade(const Request& request);

/// The client of a session, and its limits.
struct RemoteClient {
  std::uint64_t connection;  ///< the number of the connection in the log
  boost::asio::ip::address address;
  RateLimit rate_limit;
  std::shared_ptr<limits::AddressQuota> quota;       ///< of the address; nullptr: no quota
  bool handler_counts;                               ///< the handler calls Session::charge_received()
  std::size_t reply_rate;                            ///< bytes of large replies a second; 0: no limit
  std::shared_ptr<limits::ByteBudget> queue_budget;  ///< shared by all clients
};

/// Makes the stream of a session from its connection.
using MakeStream = std::function<std::unique_ptr<websocket::Stream>(net::Shard& shard, net::Socket socket)>;

/// Returns the reply that turns a connection into a session with this handler. The handler is released before
/// the session. The counters must outlive the session.
http::Reply make_upgrade(MakeStream make_stream, RemoteClient client,
                         std::shared_ptr<websocket::Handler> handler, Counters& counters);

}  // namespace coroom::detail::application
