#pragma once

#include <coroom/token_fault.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace coroom {

/// The events that an application counts. Each kind of fault that a client can cause has a counter, in
/// addition to its log line.
enum class Counter : std::size_t {
  connections,          ///< connections accepted
  connections_refused,  ///< connections over ResourceLimits::max_connections
  http_requests,        ///< requests answered
  http_errors,          ///< requests answered with a status of 400 or more
  http_timeouts,        ///< requests that did not arrive completely in time
  tls_errors,           ///< failed TLS handshakes, and connections that broke the rules of TLS
  origins_refused,      ///< requests of a foreign origin, answered 403
  sessions,             ///< WebSockets and streams opened
  messages,             ///< messages received from sessions
  websocket_errors,  ///< sessions ended by an invalid, too long or too slow message: 1002, 1007, 1009, 1008
  protocol_errors,   ///< connections ended by commands that break the rules of the Centrifuge protocol
  tokens_refused,    ///< tokens rejected: invalid, expired, or another user's
  sessions_lost,     ///< sessions that ended without a close frame: reset, or silent for too long
  slow_consumers,  ///< sessions over ResourceLimits::queue_limit, closed or with messages dropped; once each
  connections_banned,     ///< connections rejected because the user or the address is banned
  publications_refused,   ///< publications of muted users, and those that came too soon in slow mode
  address_refused,        ///< connections over ResourceLimits::max_address_connections or max_address_rate
  users_refused,          ///< connections over ResourceLimits::max_user_connections
  messages_refused,       ///< messages, commands, publications and requests over a rate limit of Settings
  rooms_refused,          ///< joins that would exceed ResourceLimits::max_rooms or max_address_rooms
  subscriptions_refused,  ///< subscriptions over the limit of one connection
  publications_failed,    ///< publications that the broker could not store; the publisher gets an error
  last = publications_failed  ///< the last counter
};

/// The names of the counters in logs and metrics, in the order of Counter.
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

/// The counters of one application (Application::counters), shared by all its shards. Any thread may use them
/// without a lock.
class Counters {
 public:
  /// Adds one to a counter.
  void add(Counter count) {
    values_[static_cast<std::size_t>(count)].fetch_add(1, std::memory_order_relaxed);
  }
  /// Adds one to Counter::tokens_refused and to the counter of this cause.
  void add(TokenCause cause) {
    add(Counter::tokens_refused);
    token_causes_[static_cast<std::size_t>(cause)].fetch_add(1, std::memory_order_relaxed);
  }
  /// Returns the value of a counter.
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
