#pragma once

#include <coroom/broker.hpp>
#include <coroom/clock.hpp>
#include <coroom/io_backend.hpp>
#include <coroom/rate_limit.hpp>
#include <coroom/room_options.hpp>

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

/// What to do for a reader that takes less than it is sent.
enum class SlowConsumer {
  close,       ///< with close code 3008; it may come back
  drop_oldest  ///< it misses messages and stays
};

/// The settings of an application, as Tornado's Application takes them. The defaults suit a server on the
/// open network.
struct Settings {
  std::size_t threads = 0;                      ///< shards, each a thread of its own; 0: one a processor that
                                                ///< the process may use, by its affinity and cgroup
  IoBackend io_backend = IoBackend::automatic;  ///< how sends reach the kernel

  std::filesystem::path static_path = {};      ///< a folder to serve, before all routes; none if empty
  std::string static_url_prefix = "/static/";  ///< where it is served; begins with "/"
  std::filesystem::path template_path = {};    ///< the folder of the templates; none if empty

  /// Makes the handler of what no route takes: 404, and requests that are refused before their route is
  /// known, such as 400 and 413. Its write_error() is called, and its on_sent(); any thread (Tornado:
  /// default_handler_class). None: such answers are plain text.
  std::function<std::unique_ptr<RequestHandler>()> default_handler = {};

  bool debug = false;  ///< for authors: templates and the hashes of static files are taken anew each time,
                       ///< and the answer 500 says what was thrown; not for the open network

  std::filesystem::path tls_certificate = {};  ///< in PEM, with its chain; then it speaks TLS, and only TLS
  std::filesystem::path tls_key = {};          ///< its private key, in PEM (Tornado: ssl_options)

  std::vector<std::string> trusted_proxies = {};  ///< addresses and networks whose X-Forwarded-For and
                                                  ///< X-Real-IP count (Tornado: xheaders, trusted_downstream)

  // Where 0 has a meaning of its own, it is said; sizes and times without one are at least 1.

  std::size_t max_message_size =
      64 * 1024;                          ///< bytes of one WebSocket message; a longer one closes with 1009
  std::size_t queue_limit = 1024 * 1024;  ///< bytes that wait for one session; beyond it the reader is slow
  SlowConsumer slow_consumer = SlowConsumer::close;  ///< what becomes of a slow reader
  RateLimit rate_limit = {};                         ///< of what one connection sends
  std::size_t max_connections = 0;                   ///< beyond it, 503; 0: as many as file descriptors allow
  std::size_t max_address_connections = 2000;  ///< of one address, or one IPv6 network of 64 bits; beyond it,
                                               ///< 429; 0: any number
  std::size_t max_address_rate = 200;  ///< new ones of such an address a second, ten seconds' worth at once;
                                       ///< beyond it, 429; 0: any number
  RateLimit address_rate_limit = {.messages = 0, .bytes = 0};  ///< of what such an address sends, by all its
                                                               ///< connections; a request is ten messages
  std::size_t room_byte_rate = 0;  ///< bytes a second that clients publish into one room, half of queue_limit
                                   ///< at once; more waits, a second at most; 0: any number
  std::size_t max_address_rooms =
      5000;  ///< that such an address has opened, and that are there; 0: any number
  std::size_t reply_rate = 1024 * 1024;  ///< bytes a second that one connection of the Centrifuge protocol
                                         ///< gets by replies with histories, presence or results of programs,
                                         ///< ten seconds' worth at once; beyond it, error 111; 0: any number
  std::size_t address_reply_rate = 0;    ///< the same of all connections of such an address; 0: any number
  std::size_t address_delivery_rate = 0;  ///< messages a second that such an address has delivered to its own
                                          ///< connections, ten seconds' worth at once; beyond it, its
                                          ///< messages are too fast; 0: any number
  std::size_t address_queue_limit = std::size_t{64}
                                    << 20;  ///< bytes that wait for the connections of such an address,
                                            ///< each alone: such replies, and what streams' clients send;
                                            ///< beyond it, error 111 or 1009; 0: any number
  std::size_t total_queue_limit = std::size_t{512} << 20;  ///< the same of all connections; 0: any number
  std::vector<std::string> unlimited_networks = {
      "127.0.0.0/8", "::1"};  ///< addresses and networks for which the limits of addresses do not hold
  std::size_t max_user_connections =
      100;  ///< that Moderation::register_connection() lets in of one user; 0: any number
  std::size_t max_rooms = 100'000;          ///< with somebody in them; beyond it, nobody enters another one
  std::size_t max_header_size = 16 * 1024;  ///< bytes of a request's line and fields; more is 431
  std::size_t max_target_size = 8 * 1024;   ///< bytes of a request's target, its address; more is 414
  std::size_t max_body_size = 1024 * 1024;  ///< bytes of a request's body; more is 413; 0: without one
  std::size_t address_body_memory =
      8 * 1024 * 1024;  ///< bytes that the bodies of requests of one address hold at a time, but for the
                        ///< first 4 KiB of each; more is 429; at least max_body_size; 0: any number
  std::size_t body_memory =
      64 * 1024 * 1024;  ///< the same of all addresses together; more is 503; 0: any number

  std::chrono::milliseconds ping_interval{25'000};  ///< between the pings of a session; 0 never pings
  std::chrono::milliseconds ping_timeout{0};        ///< without a sign of life after a ping; 0: the interval
  std::chrono::milliseconds message_timeout{
      60'000};  ///< for a message, from its first byte to its last; else 1008
  std::chrono::milliseconds tls_timeout{10'000};         ///< for a TLS handshake
  std::chrono::milliseconds handshake_timeout{10'000};   ///< for a request, an upgrade, a closing handshake
  std::chrono::milliseconds keep_alive_timeout{75'000};  ///< for the next request of a connection to begin:
                                                         ///< longer than a load balancer keeps idle ones
  std::chrono::milliseconds drain_timeout{
      8'000};  ///< for connections to finish when it stops; 0: none. Container platforms kill after 10 s

  std::size_t announce_limit = 1000;  ///< a room with more members no longer announces who enters and leaves
  std::function<RoomOptions(std::string_view room)> room_options =
      {};                               ///< those of a room, by its name; any thread asks; none: the defaults
  std::shared_ptr<Broker> broker = {};  ///< keeps histories; none: one in memory
  std::shared_ptr<Moderation> moderation = {};  ///< who is banned, muted and so on; none: one in memory
  std::shared_ptr<const Clock> clock = {};      ///< nullptr: the system's
};

}  // namespace coroom
