#pragma once

#include "core/blocking_threads.hpp"
#include "http/response.hpp"
#include "limits/admission.hpp"
#include "limits/byte_budget.hpp"
#include "net/shard.hpp"
#include "net/socket.hpp"

#include <coroom/counters.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace coroom::detail::http {

struct HttpSettings {
  std::size_t header_limit = 16 * 1024;           ///< bytes of request line and fields together; above: 431
  std::size_t field_limit = 128;                  ///< header fields; above: 431
  std::size_t target_limit = 8 * 1024;            ///< bytes of the request target; above: 414
  std::size_t body_limit = 1024 * 1024;           ///< bytes; above: 413
  std::chrono::milliseconds tls_timeout{10'000};  ///< for the TLS handshake
  std::chrono::milliseconds request_timeout{10'000};     ///< for one request, from its first byte to its last
  std::chrono::milliseconds keep_alive_timeout{75'000};  ///< for the next request to begin
};

/// The dependencies of an HTTP connection; all must outlive it.
struct HttpContext {
  net::Shard& shard;
  const Receptionist& receive;
  const Responder& respond;
  const Refuser& refuse;
  BlockingThreads& disk;       ///< reads files
  limits::ByteBudget& bodies;  ///< memory of all requests' bodies
  const HttpSettings& settings;
  Counters& counters;
};

/// Spawns a task of the shard that reads requests and responds to them. It ends with the connection, or when
/// a handler takes over the socket. Each fault of the client is answered with a status and a sentence. It is
/// counted, and the first of a connection is logged.
void start_http_connection(net::Socket socket, std::uint64_t connection, limits::Admission admission,
                           HttpContext context, ConnectionGuard guard);

}  // namespace coroom::detail::http
