#pragma once

#include "core/blocking_threads.hpp"
#include "http/response.hpp"
#include "limits/admission.hpp"
#include "limits/byte_budget.hpp"
#include "net/shard.hpp"
#include "net/socket.hpp"

#include <coroom/counters.hpp>
#include <coroom/resource_limits.hpp>
#include <coroom/timeouts.hpp>

#include <boost/asio/ip/address.hpp>

#include <cstdint>

namespace coroom::detail::http {

/// The dependencies of an HTTP connection; all must outlive it.
struct HttpContext {
  net::Shard& shard;
  const ResourceLimits& limits;
  const Timeouts& timeouts;
  const Receptionist& receive;
  const Responder& respond;
  const Refuser& refuse;
  BlockingThreads& disk;       ///< reads files
  limits::ByteBudget& bodies;  ///< memory of all requests' bodies
  Counters& counters;
};

/// A connection that was accepted.
struct AcceptedConnection {
  std::uint64_t number;  ///< in the log
  boost::asio::ip::address peer;
  limits::Admission admission;
};

/// Spawns a task of the shard that reads requests and responds to them. It ends with the connection, or when
/// a handler takes over the socket. Each fault of the client is answered with a status and a sentence. It is
/// counted, and the first of a connection is logged.
void start_http_connection(net::Socket socket, const AcceptedConnection& accepted, HttpContext context,
                           ConnectionGuard guard);

}  // namespace coroom::detail::http
