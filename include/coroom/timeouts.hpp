#pragma once

#include <chrono>

namespace coroom {

/// The timeouts and intervals of connections (Settings::timeouts). 0 has a special meaning only where stated:
/// any other time must be at least 1 ms. A time is at most a year. Otherwise listen() returns an error.
/// Numbers such as 408 are HTTP statuses, and numbers such as 1008 are close codes.
struct Timeouts {
  /// Time between the pings of a session (Tornado: websocket_ping_interval). 0: no pings.
  std::chrono::milliseconds ping_interval{25'000};

  /// Time after a ping in which a pong or other data must arrive (Tornado: websocket_ping_timeout). Otherwise
  /// the session ends without a close frame. 0: ping_interval.
  std::chrono::milliseconds ping_timeout{0};

  /// Maximum time for a message from its first byte to its last; beyond it, the connection is closed with
  /// 1008.
  std::chrono::milliseconds message_timeout{60'000};

  /// Maximum time for a TLS handshake.
  std::chrono::milliseconds tls_timeout{10'000};

  /// Maximum time for a request, an upgrade or a closing handshake; an incomplete request gets 408.
  std::chrono::milliseconds handshake_timeout{10'000};

  /// Maximum time for the next request of a connection to begin. It should be longer than a load balancer
  /// keeps idle connections.
  std::chrono::milliseconds keep_alive_timeout{75'000};

  /// Maximum time for connections to finish during a stop. 0: no time. Container platforms kill a process 10
  /// s after they stop it.
  std::chrono::milliseconds drain_timeout{8'000};
};

}  // namespace coroom
