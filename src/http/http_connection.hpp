#pragma once

#include "core/blocking_threads.hpp"
#include "http/response.hpp"
#include "limits/byte_budget.hpp"
#include "net/shard.hpp"
#include "net/socket.hpp"

#include <coroom/counters.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace coroom::detail::http {

struct HttpSettings {
  std::size_t header_limit = 16 * 1024;           ///< bytes of request line and fields together; more is 431
  std::size_t field_limit = 128;                  ///< header fields; more are 431
  std::size_t target_limit = 8 * 1024;            ///< bytes of the request target; more is 414
  std::size_t body_limit = 1024 * 1024;           ///< bytes; more is 413
  std::chrono::milliseconds tls_timeout{10'000};  ///< for the TLS handshake
  std::chrono::milliseconds request_timeout{10'000};     ///< for one request, from its first byte to its last
  std::chrono::milliseconds keep_alive_timeout{75'000};  ///< for the next request to begin
};

/// Whether a connection is one too many.
enum class Admission {
  welcome,
  server_full,  ///< there are too many in all: answered 503
  too_many,     ///< its address has too many, or makes them too fast: answered 429
  flood         ///< the same, for so long that it gets no answer, and no session
};

/// What a session needs of those who own it; all outlive it.
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

/// Reads requests and answers them, until the connection ends or a handler takes the socket over, in a task
/// of the shard's. Every fault of the client gets an answer with a status and a sentence, one log line and a
/// count.
void start_http_connection(net::Socket socket, std::uint64_t connection, Admission admission,
                           HttpContext context, ConnectionGuard guard);

}  // namespace coroom::detail::http
