#pragma once

#include <coroom/broker.hpp>
#include <coroom/clock.hpp>
#include <coroom/io_backend.hpp>
#include <coroom/rate_limit.hpp>
#include <coroom/room_options.hpp>
#include <coroom/slow_consumer.hpp>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace coroom {

class Moderation;
class RequestHandler;

/// The settings of an Application, as Tornado's Application takes them. The defaults suit a server on the
/// open network. The application keeps a copy.
///
/// Sizes are in bytes. 0 has a special meaning only where stated: any other size or time must be at least 1,
/// and times at most a year. Otherwise listen() returns an error. An "address" is one IPv4 address or one
/// IPv6 network of 64 bits. A burst is ten seconds' worth of a rate, unless stated otherwise. Numbers such as
/// 429 are HTTP statuses, and numbers such as 1009 are close codes.
struct Settings {
  /// Number of shards, each with its own thread. 0: one for each processor that the process may use, by its
  /// affinity and cgroup. Ignored on an executor of the program.
  std::size_t threads = 0;

  /// How data is passed to the kernel. On an executor of the program, `automatic` means epoll, and io_uring
  /// is an error of listen().
  IoBackend io_backend = IoBackend::automatic;

  /// Folder that is served with precedence over all routes (Tornado: static_path). Empty: none.
  std::filesystem::path static_path = {};

  /// URL path of static_path (Tornado: static_url_prefix). Begins with "/".
  std::string static_url_prefix = "/static/";

  /// Folder of the templates (Tornado: template_path). Empty: none.
  std::filesystem::path template_path = {};

  /// Creates the handler for requests that no route matches (404). It also creates it for requests that are
  /// rejected before routing, such as 400 and 413 (Tornado: default_handler_class). Of the handler,
  /// set_default_headers(), write_error() and on_sent() are called. Called on any thread. Empty: such
  /// responses are plain text.
  std::function<std::unique_ptr<RequestHandler>()> default_handler = {};

  /// Mode for development, not for the open network (Tornado: debug). Templates are read, and hashes of
  /// static files computed, for each request. A response 500 contains the exception's message.
  bool debug = false;

  /// File with the certificate and its chain, in PEM (Tornado: ssl_options). If it is set, the application
  /// serves only TLS.
  std::filesystem::path tls_certificate = {};

  /// File with the private key of the certificate, in PEM and not encrypted (Tornado: ssl_options).
  std::filesystem::path tls_key = {};

  /// IP addresses and networks of proxies. Their fields X-Forwarded-For, X-Real-IP, X-Scheme and
  /// X-Forwarded-Proto are trusted, and those of other peers ignored (Tornado: xheaders, trusted_downstream).
  std::vector<std::string> trusted_proxies = {};

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
  /// trusted_proxies either.
  std::vector<std::string> unlimited_networks = {"127.0.0.0/8", "::1"};

  /// Maximum number of connections of one user that Moderation::register_connection() admits. 0: unlimited.
  std::size_t max_user_connections = 100;

  /// Maximum number of rooms with members. Beyond it, a join that would create another room is rejected.
  std::size_t max_rooms = 100'000;

  /// Maximum size of the request line and the header fields of a request; beyond it, 431.
  std::size_t max_header_size = 16 * 1024;

  /// Maximum size of the target of a request, which is its URL; beyond it, 414.
  std::size_t max_target_size = 8 * 1024;

  /// Maximum size of the body of a request; beyond it, 413. 0: only requests without a body are accepted.
  std::size_t max_body_size = 1024 * 1024;

  /// Maximum memory that the bodies of requests of one address hold at a time; beyond it, 429. A body of up
  /// to 4 KiB does not count. At least max_body_size is used. 0: unlimited.
  std::size_t address_body_memory = 8 * 1024 * 1024;

  /// The same as address_body_memory for all addresses together; beyond it, 503. 0: unlimited.
  std::size_t body_memory = 64 * 1024 * 1024;

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

  /// Number of members beyond which a room does not announce joins and leaves.
  std::size_t announce_limit = 1000;

  /// Returns the options of a room by its name. Called on any thread. Empty: the defaults of RoomOptions.
  std::function<RoomOptions(std::string_view room)> room_options = {};

  /// Stores the histories of rooms. nullptr: in memory.
  std::shared_ptr<Broker> broker = {};

  /// Keeps the bans, mutes and other restrictions. nullptr: in memory.
  std::shared_ptr<Moderation> moderation = {};

  /// Clock of the application. nullptr: the clock of the system.
  std::shared_ptr<const Clock> clock = {};
};

}  // namespace coroom
