#include "server/limit_flags.hpp"

#include "server/flag_values.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace coroom::server {
namespace {

Result<std::chrono::milliseconds> some_time(std::chrono::milliseconds time) {
  if (time.count() == 0) return failure("must be greater than 0");
  return time;
}

void define_sizes(coroom::OptionParser& flags, ServerConfig& options) {
  const std::string group = "Size limits";
  const auto define = [&](const char* name, const char* value, std::size_t& place, const char* help) {
    flags.define<std::string>(
        name, value, help, {.metavar = "BYTES", .group = group, .callback = into(place, parse_some_bytes)});
  };
  define("max-header-size", "16KiB", options.max_header_size,
         "request line and header fields; beyond it, status 431");
  define("max-url-size", "8KiB", options.max_url_size, "URL of a request; beyond it, status 414");
  define("max-body-size", "1MiB", options.max_body_size, "body of a request; beyond it, status 413");
  const auto define_memory = [&](const char* name, const char* value, std::size_t& place, const char* help) {
    flags.define<std::string>(name, value, help,
                              {.metavar = "BYTES", .group = group, .callback = into(place, parse_bytes)});
  };
  define_memory("address-body-memory", "8MiB", options.address_body_memory,
                "memory of all request bodies of one address; beyond it, status 429; 0: unlimited");
  define_memory("body-memory", "64MiB", options.body_memory,
                "memory of all request bodies; beyond it, status 503; 0: unlimited");
  define("max-message-size", "64KiB", options.max_message_size,
         "one message; a longer message closes its connection with 1009");
  define("queue-limit", "1MiB", options.queue_limit,
         "bytes queued for one session; beyond it, the client is a slow consumer");
  const auto policy =
      one_of<SlowConsumer>({{"close", SlowConsumer::close}, {"drop-oldest", SlowConsumer::drop_oldest}});
  flags.define<std::string>(
      "slow-consumer", "close",
      "close: close a slow consumer with 3008; drop-oldest: drop its oldest queued messages",
      {.metavar = "POLICY", .group = group, .callback = into(options.slow_consumer, policy)});
}

/// Defines quotas and rates. The help of each flag states the effect of 0.
void define_quotas(coroom::OptionParser& flags, ServerConfig& options) {
  const std::string group =
      "Quotas and rates (docs/limits.md; a rate allows a burst of ten seconds' worth;\nan IPv6 network of 64 "
      "bits counts as one address)";
  const auto define = [&](const char* name, std::size_t& place, const char* help) {
    flags.define<std::size_t>(name, place, help, {.group = group, .callback = into(place)});
  };
  const auto define_bytes = [&](const char* name, const char* value, std::size_t& place,
                                const char* help = "the same rate in bytes; 0: unlimited") {
    flags.define<std::string>(name, value, help,
                              {.metavar = "BYTES", .group = group, .callback = into(place, parse_bytes)});
  };
  define("max-connections", options.max_connections,
         "all connections; beyond it, status 503; 0: as many as file descriptors allow");
  define("max-address-connections", options.max_address_connections,
         "connections of one address; beyond it, status 429; 0: unlimited");
  define("max-address-rate", options.max_address_rate,
         "new connections of one address per second; beyond it, status 429; 0: unlimited");
  define("address-message-rate", options.address_rate_limit.messages,
         "messages and commands per second from all connections of one address, where a request counts as "
         "ten; beyond it, error 111 or status 429; 0: unlimited");
  define_bytes("address-byte-rate", "1MiB", options.address_rate_limit.bytes);
  define_bytes("address-reply-rate", "4MiB", options.address_reply_rate,
               "bytes per second of histories, presence and results sent to one address; beyond it, error "
               "111; 0: unlimited");
  define("address-delivery-rate", options.address_delivery_rate,
         "messages per second from one address delivered to its own connections; beyond it, the same as for "
         "--address-message-rate; 0: unlimited");
  define_bytes("address-queue-limit", "64MiB", options.address_queue_limit,
               "bytes queued for the connections of one address, without publications, which connections "
               "share; beyond it, error 111; 0: unlimited");
  define_bytes("total-queue-limit", "512MiB", options.total_queue_limit,
               "the same limit for all connections; 0: unlimited");
  define_bytes("room-byte-rate", "2MiB", options.room_byte_rate,
               "bytes per second published into one room, as its members receive them, with a burst of half "
               "of --queue-limit; beyond it, publishers wait or get error 111; 0: unlimited");
  define("max-address-rooms", options.max_address_rooms,
         "rooms with members that one address has opened; beyond it, error 106; 0: unlimited");
  flags.define<std::vector<std::string>>(
      "unlimited-network", options.unlimited_networks,
      "network to which the limits of an address do not apply; replaces the default, this machine; "
      "repeatable",
      {.metavar = "CIDR", .group = group, .callback = into(options.unlimited_networks, checked_networks)});
  define("max-user-connections", options.max_user_connections,
         "connections of one user, as tokens name it; beyond it, close code 3504; 0: unlimited");
  define("max-subscriptions", options.max_subscriptions,
         "subscriptions of one connection of the Centrifuge protocol; beyond it, error 106");
  define("max-rooms", options.max_rooms,
         "rooms with members; beyond it, opening another room fails with error 106");
  define("message-rate", options.rate_limit.messages,
         "messages and commands per second from one connection; beyond it, error 111, and a client that "
         "continues is closed with 3013 or 1008; 0: unlimited");
  define_bytes("byte-rate", "64KiB", options.rate_limit.bytes);
  define("guest-rate", options.guest_rate.user,
         "messages per second from one guest into one room; beyond it, error 111; 0: unlimited");
  define("guest-address-rate", options.guest_rate.address,
         "messages per second from all guests and clients without a token of one address into one room with "
         "a history; beyond it, error 111; 0: unlimited");
  define_bytes("reply-rate", "1MiB", options.reply_rate,
               "bytes per second of histories, presence and results sent to one connection; beyond it, error "
               "111; 0: unlimited");
}

void define_times(coroom::OptionParser& flags, ServerConfig& options) {
  using Milliseconds = std::chrono::milliseconds;
  const std::string group = "Timeouts and intervals (such as 25s, 500ms or 2m)";
  flags.define<Milliseconds>(
      "ping-interval", options.ping_interval,
      "silence before a ping; the same time without an answer ends the connection; 0 never pings",
      {.group = group, .callback = into(options.ping_interval)});
  flags.define<Milliseconds>("tls-timeout", options.tls_timeout, "for a TLS handshake",
                             {.group = group, .callback = into(options.tls_timeout, some_time)});
  flags.define<Milliseconds>("handshake-timeout", options.handshake_timeout,
                             "for a request, an upgrade or a closing handshake",
                             {.group = group, .callback = into(options.handshake_timeout, some_time)});
  flags.define<Milliseconds>("connect-timeout", options.connect_timeout,
                             "for the first command of the Centrifuge protocol; then close code 3502",
                             {.group = group, .callback = into(options.connect_timeout, some_time)});
  flags.define<Milliseconds>("message-timeout", options.message_timeout,
                             "for a message, from its first byte to its last; then close code 1008",
                             {.group = group, .callback = into(options.message_timeout, some_time)});
  flags.define<Milliseconds>(
      "broker-timeout", options.broker_timeout,
      "for the broker to begin to store a publication, or to read a history; then error 100",
      {.group = group, .callback = into(options.broker_timeout, some_time)});
  flags.define<Milliseconds>(
      "keep-alive-timeout", options.keep_alive_timeout,
      "for the next request of a connection to begin; set it above the timeout of a load balancer",
      {.group = group, .callback = into(options.keep_alive_timeout, some_time)});
  flags.define<Milliseconds>("drain-timeout", options.drain_timeout, "for connections to finish at shutdown",
                             {.group = group, .callback = into(options.drain_timeout)});
}

}  // namespace

void define_limits(coroom::OptionParser& flags, ServerConfig& options) {
  define_sizes(flags, options);
  define_quotas(flags, options);
  define_times(flags, options);
}

}  // namespace coroom::server
