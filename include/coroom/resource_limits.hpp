#pragma once

#include <coroom/rate_limit.hpp>
#include <coroom/slow_consumer.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace coroom {

/// The limits on what one connection, one address, one user and all clients together use (Settings::limits).
/// The defaults suit a server on the open network.
///
/// Sizes are in bytes. 0 has a special meaning only where stated: any other size must be at least 1.
/// Otherwise listen() returns an error. An "address" is one IPv4 address or one IPv6 network of 64 bits. A
/// burst is ten seconds' worth of a rate, unless stated otherwise. Numbers such as 429 are HTTP statuses, and
/// numbers such as 1009 are close codes.
struct ResourceLimits {
  /// Maximum size of one message, decompressed; a longer one closes the connection with 1009 (Tornado:
  /// websocket_max_message_size).
  std::size_t max_message_size = 64 * 1024;

  /// Maximum number of bytes that wait to be sent to one session. A session beyond it is a slow consumer.
  std::size_t queue_limit = 1024 * 1024;

  /// Treatment of a slow consumer.
  SlowConsumer slow_consumer = SlowConsumer::close;

  /// Maximum rate at which one connection sends messages.
  RateLimit rate_limit = {};

  /// Maximum number of connections; beyond it, 503. 0: as many as file descriptors allow. No value permits
  /// more than that.
  std::size_t max_connections = 0;

  /// Maximum number of connections of one address; beyond it, 429. 0: unlimited.
  std::size_t max_address_connections = 2000;

  /// Maximum number of new connections of one address per second, with a burst; beyond it, 429. 0: unlimited.
  std::size_t max_address_rate = 200;

  /// Maximum rate at which all connections of one address together send messages. A request counts as ten
  /// messages, and gets 429 beyond the rate. 0: unlimited.
  RateLimit address_rate_limit = {.messages = 0, .bytes = 0};

  /// Maximum number of bytes per second that clients publish into one room, as its members receive them. The
  /// burst is at most half of queue_limit. Publications beyond it wait for up to a second, and are rejected
  /// if that is not enough. 0: unlimited.
  std::size_t room_byte_rate = 0;

  /// Maximum number of existing rooms that one address has opened. 0: unlimited.
  std::size_t max_address_rooms = 5000;

  /// Maximum number of bytes per second that one connection of the Centrifuge protocol gets by large replies,
  /// with a burst. These are replies with histories, presence or results of the program. Beyond it, commands
  /// get error 111. 0: unlimited.
  std::size_t reply_rate = 1024 * 1024;

  /// The same as reply_rate for all connections of one address together. 0: unlimited.
  std::size_t address_reply_rate = 0;

  /// Maximum number of messages per second of one address that are delivered to its own connections, with a
  /// burst. Beyond it, messages of the address are too fast. 0: unlimited.
  std::size_t address_delivery_rate = 0;

  /// Maximum number of bytes that wait for individual connections of one address. They consist of the replies
  /// that reply_rate counts, and of the messages of stream clients. Beyond it, a command gets error 111, and
  /// a stream is closed with 1009. 0: unlimited.
  std::size_t address_queue_limit = std::size_t{64} << 20;

  /// The same as address_queue_limit for all connections together. 0: unlimited.
  std::size_t total_queue_limit = std::size_t{512} << 20;

  /// IP addresses and networks to which the limits of one address do not apply. They do not apply to
  /// Settings::trusted_proxies either.
  std::vector<std::string> unlimited_networks = {"127.0.0.0/8", "::1"};

  /// Maximum number of connections of one user that Moderation::register_connection() admits. 0: unlimited.
  std::size_t max_user_connections = 100;

  /// Maximum number of rooms with members. Beyond it, a join that would create another room is rejected.
  std::size_t max_rooms = 100'000;

  /// Number of members beyond which a room does not announce joins and leaves.
  std::size_t announce_limit = 1000;

  /// Maximum size of the request line and the header fields of a request; beyond it, 431.
  std::size_t max_header_size = 16 * 1024;

  /// Maximum size of the URL of a request, which is its target; beyond it, 414.
  std::size_t max_url_size = 8 * 1024;

  /// Maximum size of the body of a request; beyond it, 413. 0: only requests without a body are accepted.
  std::size_t max_body_size = 1024 * 1024;

  /// Maximum memory that the bodies of requests of one address hold at a time; beyond it, 429. A body of up
  /// to 4 KiB does not count. At least max_body_size is used. 0: unlimited.
  std::size_t address_body_memory = 8 * 1024 * 1024;

  /// The same as address_body_memory for all addresses together; beyond it, 503. 0: unlimited.
  std::size_t body_memory = 64 * 1024 * 1024;
};

}  // namespace coroom
