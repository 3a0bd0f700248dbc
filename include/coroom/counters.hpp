#pragma once

#include <coroom/token_fault.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace coroom {

/// What the server counts. Each kind of trouble that a client can make has one, beside its log line.
enum class Counter : std::size_t {
  connections,                ///< accepted
  connections_refused,        ///< over --max-connections
  http_requests,              ///< answered
  http_errors,                ///< answered with a status of 400 or more
  http_timeouts,              ///< began a request and did not finish it in time
  tls_errors,                 ///< TLS handshakes that failed
  origins_refused,            ///< of a foreign origin, answered 403
  sessions,                   ///< upgraded to WebSocket
  messages,                   ///< read from WebSocket clients
  websocket_errors,           ///< ended by a fault of the client: 1002, 1007, 1009
  protocol_errors,            ///< ended by commands that break the rules of the Centrifuge protocol
  tokens_refused,             ///< that came from clients: invalid, expired, or somebody else's
  sessions_lost,              ///< ended without a close frame: reset, or silent for too long
  slow_consumers,             ///< over the queue limit: closed, or had something dropped
  connections_banned,         ///< refused, since the user or the address is banned
  publications_refused,       ///< publications of the muted, and those that came too soon in a slow room
  address_refused,            ///< connections over the limits of one address
  users_refused,              ///< connections over the limit of one user
  messages_refused,           ///< that came faster than the limit of a connection, commands too
  rooms_refused,              ///< over the limit of rooms in all
  subscriptions_refused,      ///< over the limit of one connection
  publications_failed,        ///< that their room's broker could not keep; the publisher got an error
  last = publications_failed  ///< of them all
};

/// As logs and metrics call them, in the order of Counter.
inline constexpr std::array<const char*, static_cast<std::size_t>(Counter::last) + 1> counter_names = {
    "connections",
    "connections_refused",
    "http_requests",
    "http_errors",
    "http_timeouts",
    "tls_errors",
    "origins_refused",
    "sessions",
    "messages",
    "websocket_errors",
    "protocol_errors",
    "tokens_refused",
    "sessions_lost",
    "slow_consumers",
    "connections_banned",
    "publications_refused",
    "address_refused",
    "users_refused",
    "messages_refused",
    "rooms_refused",
    "subscriptions_refused",
    "publications_failed"};

/// One set for the whole server; every shard adds to it.
class Counters {
 public:
  /// One more.
  void add(Counter count) {
    values_[static_cast<std::size_t>(count)].fetch_add(1, std::memory_order_relaxed);
  }
  /// One more of Counter::tokens_refused, and its cause.
  void add(TokenCause cause) {
    add(Counter::tokens_refused);
    token_causes_[static_cast<std::size_t>(cause)].fetch_add(1, std::memory_order_relaxed);
  }
  /// How many so far.
  ///@{
  [[nodiscard]] std::uint64_t get(Counter count) const {
    return values_[static_cast<std::size_t>(count)].load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t get(TokenCause cause) const {
    return token_causes_[static_cast<std::size_t>(cause)].load(std::memory_order_relaxed);
  }
  ///@}

 private:
  std::array<std::atomic<std::uint64_t>, counter_names.size()> values_{};
  std::array<std::atomic<std::uint64_t>, token_cause_names.size()> token_causes_{};
};

}  // namespace coroom
