#pragma once

#include <coroom/connection_handler.hpp>
#include <coroom/counters.hpp>
#include <coroom/error.hpp>
#include <coroom/moderation.hpp>
#include <coroom/request_handler.hpp>
#include <coroom/room.hpp>
#include <coroom/room_size.hpp>
#include <coroom/settings.hpp>
#include <coroom/statistics.hpp>
#include <coroom/stream_handler.hpp>
#include <coroom/task.hpp>
#include <coroom/websocket_handler.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace coroom {

/// A path pattern and the factory of the handlers that answer its requests. route() creates one; an
/// Application takes it.
struct Route {
  /// Creates the handler of one request.
  using Factory = std::function<std::unique_ptr<RequestHandler>()>;

  /// What a request to the route opens.
  enum class Opens {
    nothing,    ///< it is answered by a response that ends
    websocket,  ///< the factory makes a WebSocketHandler
    stream      ///< the factory makes a StreamHandler
  };

  /// Constructs a route from its parts. Programs use route().
  Route(std::string path_pattern, std::string methods, Factory make_handler, Opens session = Opens::nothing)
      : pattern(std::move(path_pattern)),
        allowed(std::move(methods)),
        factory(std::move(make_handler)),
        opens(session) {}

  std::string pattern;  ///< regular expression in Perl syntax, which must match the whole Request::raw_path
  std::string allowed;  ///< methods that the handlers implement, in the form of the field Allow
  Factory factory;      ///< called on any thread, for several requests at once
  Opens opens;
};

namespace detail {

using HandlerMethod = task<> (RequestHandler::*)();

/// Returns the methods that a handler overrides. The type of a member function that it does not override is
/// still one of RequestHandler.
template <class Handler>
std::string allowed_methods() {
  if constexpr (std::is_base_of_v<StreamHandler, Handler>) {
    return "GET, POST, OPTIONS";
  } else if constexpr (std::is_base_of_v<WebSocketHandler, Handler>) {
    return "GET";
  } else {
    std::string all;
    const auto add = [&all](bool inherited, const char* names) {
      if (!inherited) all.append(all.empty() ? "" : ", ").append(names);
    };
    add(
        requires {
          { &Handler::get } -> std::same_as<HandlerMethod>;
        }, "GET, HEAD");
    add(
        requires {
          { &Handler::post } -> std::same_as<HandlerMethod>;
        }, "POST");
    add(
        requires {
          { &Handler::put } -> std::same_as<HandlerMethod>;
        }, "PUT");
    add(
        requires {
          { &Handler::patch } -> std::same_as<HandlerMethod>;
        }, "PATCH");
    add(
        requires {
          { &Handler::delete_ } -> std::same_as<HandlerMethod>;
        }, "DELETE");
    add(
        requires {
          { &Handler::options } -> std::same_as<HandlerMethod>;
        }, "OPTIONS");
    return all;
  }
}

template <class Handler>
constexpr Route::Opens session_of() {
  if (std::is_base_of_v<StreamHandler, Handler>) return Route::Opens::stream;
  return std::is_base_of_v<WebSocketHandler, Handler> ? Route::Opens::websocket : Route::Opens::nothing;
}

/// Returns true. For types that cannot be routed to, it fails to compile with one readable message.
template <class Handler, class... Arguments>
consteval bool can_be_routed_to() {
  static_assert(std::derived_from<Handler, RequestHandler>,
                "route<Handler>(pattern, arguments...): Handler must derive publicly from "
                "coroom::RequestHandler or coroom::WebSocketHandler");
  static_assert(
      !std::derived_from<Handler, ConnectionHandler> || session_of<Handler>() != Route::Opens::nothing,
      "route<Handler>(pattern, arguments...): a connection needs a coroom::WebSocketHandler or a "
      "coroom::StreamHandler");
  static_assert(!std::is_abstract_v<Handler>,
                "route<Handler>(pattern, arguments...): Handler does not override every pure virtual "
                "function, such as on_message() of a WebSocketHandler");
  static_assert((std::copy_constructible<Arguments> && ...),
                "route<Handler>(pattern, arguments...): each handler gets a copy of the arguments, so they "
                "must be copyable: pass other objects in a std::shared_ptr");
  static_assert(std::is_abstract_v<Handler> || std::constructible_from<Handler, const Arguments&...>,
                "route<Handler>(pattern, arguments...): Handler has no public constructor that takes these "
                "arguments, each by value or by constant reference");
  return std::derived_from<Handler, RequestHandler> && !std::is_abstract_v<Handler> &&
         (std::copy_constructible<Arguments> && ...) && std::constructible_from<Handler, const Arguments&...>;
}

}  // namespace detail

/// Returns a route to handlers of type `Handler` (Tornado: a URLSpec with its kwargs). Each request has its
/// own handler. The handler's constructor gets a constant reference to each of `arguments`. The groups of the
/// pattern are the handler's path_arguments().
///
/// The route owns a copy of the arguments and shares it between all threads: objects behind pointers must be
/// safe to use from several threads. Does not compile if `Handler` cannot be constructed in this way.
template <class Handler, class... Arguments>
Route route(std::string pattern, Arguments... arguments) {
  if constexpr (detail::can_be_routed_to<Handler, Arguments...>()) {
    const auto make = [arguments...]() -> std::unique_ptr<RequestHandler> {
      return std::make_unique<Handler>(arguments...);
    };
    return Route(std::move(pattern), detail::allowed_methods<Handler>(), make, detail::session_of<Handler>());
  }
}

/// A server: routes, settings, and the threads that serve them (Tornado: Application, with its HTTPServer and
/// IOLoop).
///
/// One thread constructs, starts, stops and destroys it. Handlers on any thread may use the functions marked
/// "any thread".
///
/// A call at the wrong time fails at once. It returns an error if its result can hold one, and throws
/// std::logic_error otherwise.
class Application {
 public:
  /// Constructs an application that has threads of its own. Requests go to the first route whose pattern
  /// matches. Raises the soft limit of file descriptors of the process to the hard limit.
  ///
  /// Throws: std::invalid_argument for a pattern that is not a regular expression.
  explicit Application(std::vector<Route> routes, Settings settings = {});

  /// Constructs an application on an io_context of the program. It has no thread and ignores
  /// Settings::threads: all handlers run on the one thread that runs the context.
  ///
  /// listen() serves as soon as the context runs; start() and run() are not used. The program stops the
  /// application before the context ends: by async_stop(), or by stop() on another thread. The context must
  /// outlive the application.
  ///
  /// Throws: std::invalid_argument for a pattern that is not a regular expression, and unless `executor`
  /// belongs to a boost::asio::io_context.
  Application(std::vector<Route> routes, Settings settings, const boost::asio::any_io_executor& executor);

  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  /// Stops the application as stop() does, unless the destructor cannot wait for that.
  ///
  /// On an io_context of the program, it cannot wait on the thread of the context, or if no thread runs the
  /// context. It then closes the connections without a close frame, leaves their coroutines to the context
  /// and logs a warning. To stop in an orderly way, await async_stop() first.
  ///
  /// On a thread of the application itself, it cannot wait either. The threads then continue to serve, the
  /// log names the routes with unfinished handlers, and the memory is never freed.
  ~Application();

  /// Binds the port, and returns an error if that fails (Tornado: listen). `port` 0 selects a free port,
  /// which endpoint() returns. `address` is one of:
  /// - an IP address;
  /// - "localhost", which means the loopback addresses of IPv4 and IPv6;
  /// - a host name. The call blocks until the name is resolved.
  ///
  /// If there are several addresses, those that this machine does not have are skipped. On a machine without
  /// IPv6, `::` means `0.0.0.0`. On an executor of the program, the application serves from this call on.
  ///
  /// Errors: the port is in use, the host name has no address, or a setting is invalid. The message names the
  /// cause. The call may then be repeated. After it has succeeded, and after the application has stopped,
  /// each further call is an error.
  [[nodiscard]] Result<> listen(std::uint16_t port, std::string_view address = "localhost");

  /// Reads the certificate and the key of TLS again, for new connections; existing ones continue unchanged.
  /// Any thread, after listen() has succeeded. Blocks while it reads the files.
  ///
  /// Errors: the files cannot be used, and the previous certificate and key stay in use; or the application
  /// does not use TLS.
  [[nodiscard]] Result<> reload_tls();

  /// Returns the first endpoint that listen() has bound, with the actual port. Before listen() has succeeded,
  /// returns a default-constructed endpoint.
  [[nodiscard]] boost::asio::ip::tcp::endpoint endpoint() const;

  /// Returns all endpoints that listen() has bound, which have the same port. Empty before that.
  [[nodiscard]] const std::vector<boost::asio::ip::tcp::endpoint>& endpoints() const;

  /// Starts the threads, which serve until stop(). Returns at once (Tornado: IOLoop.start, which blocks as
  /// run() does).
  ///
  /// Throws: std::logic_error before listen() has succeeded, on a second call, and on an executor of the
  /// program.
  void start();

  /// Closes the listening sockets and ends all connections (close code 3001), and blocks until all coroutines
  /// and threads of the application have ended. Takes at most Timeouts::drain_timeout and about two seconds.
  /// A broker may take ten seconds more for publications that it has begun to store. From then on, calls of a
  /// Room are errors.
  ///
  /// Handlers that are still at work after the drain timeout are cancelled. Handlers that ignore the
  /// cancellation, or block their thread, are abandoned. The log names their routes, and the memory that they
  /// may use is never freed. A handler that waits for the thread that calls stop() is cancelled in this way,
  /// too.
  ///
  /// Does nothing if the application does not serve. If another thread is stopping it already, blocks until
  /// that has finished.
  ///
  /// Throws: std::logic_error on a thread of the application, such as in a handler, because it would wait for
  /// itself. Await async_stop() there, or call request_stop().
  void stop();

  /// Stops the application as stop() does, without blocking the thread. May be awaited on any executor, and
  /// by a handler: the stop cancels that handler. If the awaiting coroutine is cancelled, the stop continues.
  [[nodiscard]] task<> async_stop();

  /// Runs a coroutine of the program beside the connections (Tornado: IOLoop.spawn_callback). Any thread. All
  /// of these coroutines run on one thread, so their shared state needs no lock.
  ///
  /// The coroutine begins with start() if that is still to come; on an executor of the program, it begins
  /// when the context runs. When the application stops and its connections have ended, the coroutine is
  /// cancelled, and stop() waits for its end. An exception that it throws is logged.
  ///
  /// Throws: std::logic_error if the application is stopping or has stopped.
  void spawn(task<> work);

  /// Awaits `call` periodically, in a coroutine of spawn() (Tornado: PeriodicCallback). Any thread. The first
  /// call comes one interval from now, on the clock of the application. Times that pass while a call has not
  /// ended are skipped. An exception that a call throws is logged, and the next call comes as usual.
  ///
  /// Throws: std::invalid_argument if the interval is not positive or the function is empty; std::logic_error
  /// as spawn() does.
  void every(std::chrono::milliseconds interval, std::function<task<>()> call);

  /// Waits until `time` has passed since the call, on the clock of the application (Tornado: gen.sleep).
  /// Returns early, without an error, if the awaiting coroutine is cancelled. May be awaited on any executor.
  /// The awaitable may outlive the application, but not Settings::clock.
  [[nodiscard]] task<> sleep_for(std::chrono::nanoseconds time) const;

  /// Calls start(), waits for SIGINT, SIGTERM or request_stop(), and calls stop(). `started` is called when
  /// the application serves.
  ///
  /// During the stop, a second SIGINT or SIGTERM ends the process at once. After the call, the two have their
  /// default effect. A signal that is ignored when the call begins stays ignored, as nohup does with SIGHUP.
  ///
  /// With TLS, SIGHUP calls reload_tls(), and the result is logged. Without TLS, SIGHUP stops as SIGTERM
  /// does. SIGPIPE is ignored from this call on.
  ///
  /// Throws: std::logic_error as start() does.
  void run(const std::function<void()>& started = {});

  /// Makes run() continue with its stop() (Tornado: IOLoop.stop). A call before run() has the same effect.
  /// Any thread, including those of handlers. Returns at once.
  void request_stop();

  /// Returns a handle of the room of this name; creates nothing. Any thread.
  [[nodiscard]] Room room(std::string name);

  /// Returns the number of rooms that have a member. Any thread.
  [[nodiscard]] std::size_t rooms() const;

  /// Returns the rooms with the most users, at most `limit`, the largest first. Rooms without presence
  /// (RoomOptions::presence) are not included. Any thread. Looks at every room.
  ///
  /// `wanted` selects the rooms; it is called at most once for each room, in no particular order. It is
  /// called under a lock: it must be fast, and must not use the application.
  [[nodiscard]] std::vector<RoomSize> fullest_rooms(
      std::size_t limit, const std::function<bool(const RoomCandidate& room)>& wanted) const;

  /// Returns the current statistics, which it collects from one shard after the other. May be awaited on any
  /// executor.
  ///
  /// Throws, when awaited: std::logic_error if the application does not serve.
  [[nodiscard]] task<Statistics> statistics() const;

  /// Returns the moderation of the application: Settings::moderation, or its own in memory. Any thread.
  [[nodiscard]] Moderation& moderation() const;

  /// Returns Settings::clock, or the clock of the system. Any thread.
  [[nodiscard]] const Clock& clock() const;

  /// Returns the settings that the application was constructed with. Any thread.
  [[nodiscard]] const Settings& settings() const;

  /// Returns the counters, which any thread may read and add to.
  ///@{
  [[nodiscard]] const Counters& counters() const;
  [[nodiscard]] Counters& counters();
  ///@}

 private:
  class Impl;

  /// Constructs the object that handlers refer to. It does not own the implementation, and lives as long as
  /// the implementation does.
  explicit Application(Impl& impl);

  std::shared_ptr<Impl> impl_;  // shared with rooms; the application of handlers does not own it
};

}  // namespace coroom
