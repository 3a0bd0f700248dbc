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

/// Why this request can't become a WebSocket (RFC 6455 section 4.2.1), as an error: 400 for one that asks
/// for no upgrade or has no valid key, 426 for another version of the protocol. nullopt: it can.
std::optional<HttpError> refuse_upgrade(const Request& request);

/// Who is at the other end, and how much it may send.
struct RemoteClient {
  std::uint64_t connection;  ///< names it in the log
  boost::asio::ip::address address;
  RateLimit rate_limit;
  std::shared_ptr<limits::AddressQuota> quota;       ///< of the address; nullptr: none is kept
  bool handler_counts;                               ///< asks Session::charge_received() itself
  std::size_t reply_rate;                            ///< bytes of large replies a second; 0: any number
  std::shared_ptr<limits::ByteBudget> queue_budget;  ///< of all clients
};

/// Makes a session's stream of a connection.
using MakeStream = std::function<std::unique_ptr<websocket::Stream>(net::Shard& shard, net::Socket socket)>;

/// The answer to a request whose connection becomes a session with this handler, which is released before the
/// session is. The counters outlive the session.
http::Reply make_upgrade(MakeStream make_stream, RemoteClient client,
                         std::shared_ptr<websocket::Handler> handler, Counters& counters);

}  // namespace coroom::detail::application
