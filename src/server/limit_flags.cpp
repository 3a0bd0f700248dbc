#include "server/limit_flags.hpp"

#include "server/flag_values.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace coroom::server {
namespace {

Result<std::chrono::milliseconds> some_time(std::chrono::milliseconds time) {
  if (time.count() == 0) return failure("must be more than 0");
  return time;
}

void define_sizes(coroom::Options& flags, Options& options) {
  const std::string group = "Limits of size";
  const auto define = [&](const char* name, const char* value, std::size_t& place, const char* help) {
    flags.define<std::string>(
        name, value, help, {.metavar = "BYTES", .group = group, .callback = into(place, parse_some_bytes)});
  };
  define("max-header-size", "16KiB", options.max_header_size, "of a request's line and fields; more is 431");
  define("max-url-size", "8KiB", options.max_url_size, "of a request's address; more is 414");
  define("max-body-size", "1MiB", options.max_body_size, "of a request's body; more is 413");
  const auto define_memory = [&](const char* name, const char* value, std::size_t& place, const char* help) {
    flags.define<std::string>(name, value, help,
                              {.metavar = "BYTES", .group = group, .callback = into(place, parse_bytes)});
  };
  define_memory("address-body-memory", "8MiB", options.address_body_memory,
                "that the bodies of an address's requests hold at a time; more is 429; 0: any number");
  define_memory("body-memory", "64MiB", options.body_memory,
                "the same of all addresses together; more is 503; 0: any number");
  define("max-message-size", "64KiB", options.max_message_size,
         "of one message; a longer one closes with 1009");
  define("queue-limit", "1MiB", options.queue_limit, "waiting for one session; beyond it the reader is slow");
  const auto policy =
      one_of<SlowConsumer>({{"close", SlowConsumer::close}, {"drop-oldest", SlowConsumer::drop_oldest}});
  flags.define<std::string>(
      "slow-consumer", "close", "close: with code 3008; drop-oldest: it misses messages",
      {.metavar = "POLICY", .group = group, .callback = into(options.slow_consumer, policy)});
}

/// How much at a time, and a second. What 0 lifts is said of each.
void define_quotas(coroom::Options& flags, Options& options) {
  const std::string group = "Limits of how much (docs/limits.md)";
  const auto define = [&](const char* name, std::size_t& place, const char* help) {
    flags.define<std::size_t>(name, place, help, {.group = group, .callback = into(place)});
  };
  const auto define_bytes = [&](const char* name, const char* value, std::size_t& place,
                                const char* help = "the same of bytes") {
    flags.define<std::string>(name, value, help,
                              {.metavar = "BYTES", .group = group, .callback = into(place, parse_bytes)});
  };
  define("max-connections", options.max_connections, "beyond it, 503; 0: as many as file descriptors allow");
  define("max-address-connections", options.max_address_connections,
         "of one address, or one IPv6 network of 64 bits; beyond it, 429; 0: any number");
  define("max-address-rate", options.max_address_rate,
         "new connections of such an address a second, ten seconds' worth at once; beyond it, 429; 0: any "
         "number");
  define(
      "address-message-rate", options.address_rate_limit.messages,
      "messages and commands of all connections of such an address a second, ten seconds' worth at once; a "
      "request is ten; beyond it, error 111 or 429; 0: any number");
  define_bytes("address-byte-rate", "1MiB", options.address_rate_limit.bytes);
  define_bytes("address-reply-rate", "4MiB", options.address_reply_rate,
               "of histories, presence and results that such an address is sent a second, ten seconds' worth "
               "at once; beyond it, error 111; 0: any number");
  define("address-delivery-rate", options.address_delivery_rate,
         "messages a second that such an address has delivered to its own connections, ten seconds' worth at "
         "once; beyond it, what it sends is as beyond --address-message-rate; 0: any number");
  define_bytes(
      "address-queue-limit", "64MiB", options.address_queue_limit,
      "waiting for the connections of such an address, each alone; beyond it, error 111; 0: any number");
  define_bytes("total-queue-limit", "512MiB", options.total_queue_limit,
               "the same of all connections; 0: any number");
  define_bytes("room-byte-rate", "2MiB", options.room_byte_rate,
               "published into one room a second, as its members read it, half of --queue-limit at once; "
               "beyond it publishers wait, or get error 111; 0: any number");
  define("max-address-rooms", options.max_address_rooms,
         "that such an address has opened, with somebody in them; beyond it, error 106; 0: any number");
  flags.define<std::vector<std::string>>(
      "unlimited-network", options.unlimited_networks,
      "where the limits of an address do not hold, in place of this machine; repeatable",
      {.metavar = "CIDR", .group = group, .callback = into(options.unlimited_networks, checked_networks)});
  define("max-user-connections", options.max_user_connections,
         "of one user, as tokens name it; beyond it, 3504; 0: any number");
  define("max-subscriptions", options.max_subscriptions,
         "of one connection of the Centrifuge protocol; beyond it, error 106");
  define("max-rooms", options.max_rooms,
         "with somebody in them; beyond it, error 106 for who would open another");
  define(
      "message-rate", options.rate_limit.messages,
      "messages and commands of one connection a second, ten seconds' worth at once; beyond it, error 111, "
      "and for who goes on 3013 or 1008; 0: any number");
  define_bytes("byte-rate", "64KiB", options.rate_limit.bytes);
  define("guest-rate", options.guest_rate.user,
         "messages that a guest may publish into one room a second, ten seconds' worth at once; beyond it, "
         "error 111; 0: any number");
  define("guest-address-rate", options.guest_rate.address,
         "the same of all guests, and people without a token, of one address, into a room with a history");
  define_bytes(
      "reply-rate", "1MiB", options.reply_rate,
      "of histories, presence and results that one connection is sent a second, ten seconds' worth at "
      "once; beyond it, error 111; 0: any number");
}

void define_times(coroom::Options& flags, Options& options) {
  using Time = std::chrono::milliseconds;
  const std::string group = "Times (such as 25s, 500ms, 2m)";
  flags.define<Time>(
      "ping-interval", options.ping_interval,
      "of silence before a ping; as long again without an answer ends the connection; 0 never pings",
      {.group = group, .callback = into(options.ping_interval)});
  flags.define<Time>("tls-timeout", options.tls_timeout, "for a TLS handshake",
                     {.group = group, .callback = into(options.tls_timeout, some_time)});
  flags.define<Time>("handshake-timeout", options.handshake_timeout,
                     "for a request, an upgrade, a closing handshake",
                     {.group = group, .callback = into(options.handshake_timeout, some_time)});
  flags.define<Time>("connect-timeout", options.connect_timeout,
                     "for the first command of the Centrifuge protocol; else 3502",
                     {.group = group, .callback = into(options.connect_timeout, some_time)});
  flags.define<Time>("message-timeout", options.message_timeout,
                     "for a message, from its first byte to its last; else 1008",
                     {.group = group, .callback = into(options.message_timeout, some_time)});
  flags.define<Time>("broker-timeout", options.broker_timeout,
                     "for a publication to begin to be kept, or a history to be read; else error 100",
                     {.group = group, .callback = into(options.broker_timeout, some_time)});
  flags.define<Time>("keep-alive-timeout", options.keep_alive_timeout,
                     "for the next request of a connection to begin; longer than a load balancer's",
                     {.group = group, .callback = into(options.keep_alive_timeout, some_time)});
  flags.define<Time>("drain-timeout", options.drain_timeout, "for connections to finish at shutdown",
                     {.group = group, .callback = into(options.drain_timeout)});
}

}  // namespace

void define_limits(coroom::Options& flags, Options& options) {
  define_sizes(flags, options);
  define_quotas(flags, options);
  define_times(flags, options);
}

}  // namespace coroom::server
