#pragma once

#include <coroom/broker.hpp>
#include <coroom/clock.hpp>
#include <coroom/error.hpp>
#include <coroom/io_backend.hpp>
#include <coroom/resource_limits.hpp>
#include <coroom/room_options.hpp>
#include <coroom/timeouts.hpp>
#include <coroom/tls_files.hpp>

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
class Site;

/// The settings of an Application, as Tornado's Application takes them. The defaults suit a server on the
/// open network. The application keeps a copy.
struct Settings {
  /// Number of shards, each with its own thread. 0: one for each processor that the process may use, by its
  /// affinity and cgroup. Ignored on an executor of the program.
  std::size_t threads = 0;

  /// How data is passed to the kernel. On an executor of the program, `automatic` means epoll, and io_uring
  /// is an error of listen().
  IoBackend io_backend = IoBackend::automatic;

  /// Opens the static files and templates when the application listens; web_site() of coroom::web makes it
  /// (Tornado: static_path, template_path). An error of it is an error of listen(). Empty: none.
  std::function<Result<std::shared_ptr<const Site>>(bool debug)> site = {};

  /// Creates the handler for requests that no route matches (404). It also creates it for requests that are
  /// rejected before routing, such as 400 and 413 (Tornado: default_handler_class). Of the handler,
  /// set_default_headers(), write_error() and on_sent() are called. Called on any thread. Empty: such
  /// responses are plain text.
  std::function<std::unique_ptr<RequestHandler>()> default_handler = {};

  /// Mode for development, not for the open network (Tornado: debug). Templates are read, and hashes of
  /// static files computed, for each request. A response 500 contains the exception's message.
  bool debug = false;

  /// Certificate and key of the server. If they are set, the application serves only TLS.
  TlsFiles tls = {};

  /// IP addresses and networks of proxies. Their fields X-Forwarded-For, X-Real-IP, X-Scheme and
  /// X-Forwarded-Proto are trusted, and those of other peers ignored (Tornado: xheaders, trusted_downstream).
  std::vector<std::string> trusted_proxies = {};

  /// Limits of sizes, rates, connections, rooms, queues and memory.
  ResourceLimits limits = {};

  /// Timeouts and intervals of connections.
  Timeouts timeouts = {};

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
