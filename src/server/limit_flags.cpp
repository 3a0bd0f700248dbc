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
  ResourceLimits& limits = options.application.limits;
  const auto define = [&](const char* name, std::size_t& place, const char* help) {
    define_bytes(flags, name, place, help, group, parse_some_bytes);
  };
  const auto define_memory = [&](const char* name, std::size_t& place, const char* help) {
    define_bytes(flags, name, place, help, group);
  };
  define("max-header-size", limits.max_header_size, "request line and header fields; beyond it, status 431");
  define("max-url-size", limits.max_url_size, "URL of a request; beyond it, status 414");
  define("max-body-size", limits.max_body_size, "body of a request; beyond it, status 413");
  define_memory("address-body-memory", limits.address_body_memory,
                "memory of all request bodies of one address; beyond it, status 429; 0: unlimited");
  define_memory("body-memory", limits.body_memory,
                "memory of all request bodies; beyond it, status 503; 0: unlimited");
  define("max-message-size", limits.max_message_size,
         "one message; a longer message closes its connection with 1009");
  define("queue-limit", limits.queue_limit,
         "bytes queued for one session; beyond it, the client is a slow consumer");
  define_name<SlowConsumer>(
      flags, "slow-consumer", limits.slow_consumer,
      {{"close", SlowConsumer::close}, {"drop-oldest", SlowConsumer::drop_oldest}},
      "close: close a slow consumer with 3008; drop-oldest: drop its oldest queued messages",
      {.metavar = "POLICY", .group = group});
}

/// Defines quotas and rates. The help of each flag states the effect of 0.
void define_quotas(coroom::OptionParser& flags, ServerConfig& options) {
  const std::string group =
      "Quotas and rates (docs/limits.md; a rate allows a burst of ten seconds' worth;\nan IPv6 network of 64 "
      "bits counts as one address)";
  ResourceLimits& limits = options.application.limits;
  const auto define = [&](const char* name, std::size_t& place, const char* help) {
    flags.define<std::size_t>(name, place, help, {.group = group, .callback = into(place)});
  };
  const auto define_size = [&](const char* name, std::size_t& place,
                               const char* help = "the same rate in bytes; 0: unlimited") {
    define_bytes(flags, name, place, help, group);
  };
  define("max-connections", limits.max_connections,
         "all connections; beyond it, status 503; 0: as many as file descriptors allow");
  define("max-address-connections", limits.max_address_connections,
         "connections of one address; beyond it, status 429; 0: unlimited");
  define("max-address-rate", limits.max_address_rate,
         "new connections of one address per second; beyond it, status 429; 0: unlimited");
  define("address-message-rate", limits.address_rate_limit.messages,
         "messages and commands per second from all connections of one address, where a request counts as "
         "ten; beyond it, error 111 or status 429; 0: unlimited");
  define_size("address-byte-rate", limits.address_rate_limit.bytes);
  define_size("address-reply-rate", limits.address_reply_rate,
              "bytes per second of histories, presence and results sent to one address; beyond it, error "
              "111; 0: unlimited");
  define("address-delivery-rate", limits.address_delivery_rate,
         "messages per second from one address delivered to its own connections; beyond it, the same as for "
         "--address-message-rate; 0: unlimited");
  define_size("address-queue-limit", limits.address_queue_limit,
              "bytes queued for the connections of one address, without publications, which connections "
              "share; beyond it, error 111; 0: unlimited");
  define_size("total-queue-limit", limits.total_queue_limit,
              "the same limit for all connections; 0: unlimited");
  define_size("room-byte-rate", limits.room_byte_rate,
              "bytes per second published into one room, as its members receive them, with a burst of half "
              "of --queue-limit; beyond it, publishers wait or get error 111; 0: unlimited");
  define("max-address-rooms", limits.max_address_rooms,
         "rooms with members that one address has opened; beyond it, error 106; 0: unlimited");
  flags.define<std::vector<std::string>>(
      "unlimited-network", limits.unlimited_networks,
      "network to which the limits of an address do not apply; replaces the default, this machine; "
      "repeatable",
      {.metavar = "CIDR", .group = group, .callback = into(limits.unlimited_networks, checked_networks)});
  define("max-user-connections", limits.max_user_connections,
         "connections of one user, as tokens name it; beyond it, close code 3504; 0: unlimited");
  define("max-subscriptions", options.centrifuge.max_subscriptions,
         "subscriptions of one connection of the Centrifuge protocol; beyond it, error 106");
  define("max-rooms", limits.max_rooms,
         "rooms with members; beyond it, opening another room fails with error 106");
  define("message-rate", limits.rate_limit.messages,
         "messages and commands per second from one connection; beyond it, error 111, and a client that "
         "continues is closed with 3013 or 1008; 0: unlimited");
  define_size("byte-rate", limits.rate_limit.bytes);
  define("guest-rate", options.guest_rate.user,
         "messages per second from one guest into one room; beyond it, error 111; 0: unlimited");
  define("guest-address-rate", options.guest_rate.address,
         "messages per second from all guests and clients without a token of one address into one room with "
         "a history; beyond it, error 111; 0: unlimited");
  define_size("reply-rate", limits.reply_rate,
              "bytes per second of histories, presence and results sent to one connection; beyond it, error "
              "111; 0: unlimited");
}

void define_times(coroom::OptionParser& flags, ServerConfig& options) {
  using Milliseconds = std::chrono::milliseconds;
  Timeouts& timeouts = options.application.timeouts;
  const std::string group = "Timeouts and intervals (such as 25s, 500ms or 2m)";
  flags.define<Milliseconds>(
      "ping-interval", timeouts.ping_interval,
      "from one ping to the next; the same time without an answer ends the connection; 0 never pings",
      {.group = group, .callback = into(timeouts.ping_interval)});
  flags.define<Milliseconds>("tls-timeout", timeouts.tls_timeout, "for a TLS handshake",
                             {.group = group, .callback = into(timeouts.tls_timeout, some_time)});
  flags.define<Milliseconds>("handshake-timeout", timeouts.handshake_timeout,
                             "for a request, an upgrade or a closing handshake",
                             {.group = group, .callback = into(timeouts.handshake_timeout, some_time)});
  flags.define<Milliseconds>(
      "connect-timeout", options.centrifuge.connect_timeout,
      "for the first command of the Centrifuge protocol; then close code 3502",
      {.group = group, .callback = into(options.centrifuge.connect_timeout, some_time)});
  flags.define<Milliseconds>("message-timeout", timeouts.message_timeout,
                             "for a message, from its first byte to its last; then close code 1008",
                             {.group = group, .callback = into(timeouts.message_timeout, some_time)});
  flags.define<Milliseconds>(
      "broker-timeout", options.broker_timeout,
      "for the broker to begin to store a publication, or to read a history; then error 100",
      {.group = group, .callback = into(options.broker_timeout, some_time)});
  flags.define<Milliseconds>(
      "keep-alive-timeout", timeouts.keep_alive_timeout,
      "for the next request of a connection to begin; set it above the timeout of a load balancer",
      {.group = group, .callback = into(timeouts.keep_alive_timeout, some_time)});
  flags.define<Milliseconds>("drain-timeout", timeouts.drain_timeout, "for connections to finish at shutdown",
                             {.group = group, .callback = into(timeouts.drain_timeout)});
}

}  // namespace

void define_limits(coroom::OptionParser& flags, ServerConfig& options) {
  define_sizes(flags, options);
  define_quotas(flags, options);
  define_times(flags, options);
}

}  // namespace coroom::server
