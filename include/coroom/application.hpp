#pragma once

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

/// Leads the paths that a pattern matches to handlers of one kind.
struct Route {
  /// Makes the handler of one request.
  using Factory = std::function<std::unique_ptr<RequestHandler>()>;

  /// route() makes them.
  Route(std::string path_pattern, std::string methods, Factory make_handler)
      : pattern(std::move(path_pattern)), allowed(std::move(methods)), factory(std::move(make_handler)) {}

  std::string pattern;  ///< a regular expression of the whole path as it was sent, as Perl writes them
  std::string allowed;  ///< the methods that are answered, as the field Allow lists them
  Factory factory;      ///< any thread may call it
};

namespace detail {

using HandlerMethod = task<> (RequestHandler::*)();

/// The methods that a handler overrides. One that it does not is still a member of RequestHandler.
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

/// Always true: where it would not be, a sentence in place of a page of templates.
template <class Handler, class... Arguments>
consteval bool can_be_routed_to() {
  static_assert(std::derived_from<Handler, RequestHandler>,
                "route<Handler>(pattern, arguments...): Handler must derive publicly from "
                "coroom::RequestHandler or coroom::WebSocketHandler");
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

/// A route to `Handler`, whose constructor is given `arguments` for every request, by constant reference
/// (Tornado: a URLSpec with its kwargs). The groups of the pattern are the handler's path_arguments(). Does
/// not compile where such a handler can't be made.
template <class Handler, class... Arguments>
Route route(std::string pattern, Arguments... arguments) {
  if constexpr (detail::can_be_routed_to<Handler, Arguments...>()) {
    const auto make = [arguments...]() -> std::unique_ptr<RequestHandler> {
      return std::make_unique<Handler>(arguments...);
    };
    return Route(std::move(pattern), detail::allowed_methods<Handler>(), make);
  }
}

/// A server: routes, settings, and the threads that run it (Tornado: Application, with its HTTPServer and
/// IOLoop). Made, started and stopped by one thread; what handlers need of it, any thread may use.
///
/// What is called too early or too late is an error at once: an error result where a call has one, else
/// std::logic_error.
class Application {
 public:
  /// The first route whose pattern matches is taken. A pattern that is no regular expression throws
  /// std::invalid_argument. Lets the process have as many file descriptors as it may (the soft limit).
  explicit Application(std::vector<Route> routes, Settings settings = {});

  /// The same for a program with an io_context of its own: everything runs there, on the one thread that runs
  /// the context, and the application has no thread (Settings::threads is not looked at). listen() serves as
  /// soon as the context runs; start() and run() are for others. It ends by async_stop(), or by stop() on
  /// another thread, before the context does. Throws std::invalid_argument unless `executor` is that of a
  /// boost::asio::io_context.
  Application(std::vector<Route> routes, Settings settings, const boost::asio::any_io_executor& executor);

  Application(const Application&) = delete;
  Application& operator=(const Application&) = delete;

  /// Stops. On the thread that serves, or where the context of the program does not run any more, that can't
  /// be waited for: connections are closed without goodbye, and their coroutines left to the context, with a
  /// log line. A program that wants a good order awaits async_stop() first.
  ~Application();

  /// Claims a port, once; 0 picks a free one. `address` is an IP address, "localhost", which is the loopback
  /// address of IPv4 and that of IPv6, or a host name, which is looked up. Of several addresses, those that
  /// this machine does not have are left out; where there is no IPv6, `::` is `0.0.0.0`. Fails if the port is
  /// taken, or if a setting is wrong, and says which; then it may be tried again.
  [[nodiscard]] Result<> listen(std::uint16_t port, std::string_view address = "localhost");

  /// Reads the files of TLS again, for the connections to come; those there are go on with what they have. If
  /// it fails, what was read before stays. From when it listens; any thread.
  [[nodiscard]] Result<> reload_tls();

  /// What listen() claimed; with port 0, the port that it got. Of several, the first.
  [[nodiscard]] boost::asio::ip::tcp::endpoint endpoint() const;

  /// Returns all that listen() claimed, on one port; none before.
  [[nodiscard]] const std::vector<boost::asio::ip::tcp::endpoint>& endpoints() const;

  /// Serves, on threads of its own, until stop(). Once, after listen() has succeeded; else, and on an
  /// executor of the program, it throws std::logic_error.
  void start();

  /// Takes no more connections, ends those there are (3001), and joins every coroutine and thread. Blocks no
  /// longer than the drain timeout and about two seconds, and ten seconds more for publications that a broker
  /// has begun to store. A coroutine that does not heed its cancellation, or a handler that blocks its
  /// thread, is left then: the log tells its route, and what it may use stays in memory. Rooms answer with an
  /// error from then on.
  ///
  /// Does nothing if it does not serve. Throws std::logic_error on a thread that serves, in a handler for
  /// instance, whose end it would wait for: await async_stop() there, or call request_stop(). A handler that
  /// waits for the thread that calls stop() is cancelled when the drain timeout is over.
  void stop();

  /// stop() for coroutines: does not block. For those of any executor; one that is given up goes on stopping.
  /// A handler that awaits it is ended by it.
  [[nodiscard]] task<> async_stop();

  /// Runs a coroutine of the program beside the connections: all of them on one thread, so that what they
  /// share needs no lock (Tornado: IOLoop.spawn_callback). When the application stops and its connections
  /// have ended, what it waits for is cancelled, and stop() waits for its end. What it throws is logged. Any
  /// thread, and before start() too, with which it begins then; throws std::logic_error once the application
  /// stops.
  void spawn(task<> work);

  /// Awaits `call` each time that the interval has passed on the application's clock, as spawn() does
  /// (Tornado: PeriodicCallback). While
  /// a call has not ended, times for others pass without one. What it throws is logged, and it goes on.
  /// Throws std::invalid_argument for an interval that is not positive, and for no function.
  void every(std::chrono::milliseconds interval, std::function<task<>()> call);

  /// Ends when this time has passed on the application's clock, or when the coroutine that awaits it is
  /// cancelled (Tornado: gen.sleep). For coroutines of any executor; it may outlive the application.
  [[nodiscard]] task<> sleep_for(std::chrono::nanoseconds time) const;

  /// Throws as start() does. start(), then waits for SIGINT, SIGTERM or request_stop(), then stop(). While it
  /// stops, another signal ends the program at once; behind it both do what they do in any program. With TLS,
  /// SIGHUP is reload_tls(), and the log tells what came of it. A signal that is ignored at the call, as
  /// nohup has it for SIGHUP, stays ignored. SIGPIPE is ignored for good. `started` is called as soon as it
  /// serves.
  void run(const std::function<void()>& started = {});

  /// Has run() go on to its stop(); any thread, any handler, and before run() as well (Tornado: IOLoop.stop).
  void request_stop();

  /// The room of this name; any thread.
  [[nodiscard]] Room room(std::string name);

  /// How many rooms somebody is in.
  [[nodiscard]] std::size_t rooms() const;

  /// The rooms with the most people, the fullest first, `limit` at most, of those that `wanted` takes and
  /// that know who is in them (RoomOptions::presence). `wanted` is asked about each at most once, in no
  /// order, and under a lock: it must be quick and leave the application alone. Any thread; costs a look at
  /// every room.
  [[nodiscard]] std::vector<RoomSize> fullest_rooms(
      std::size_t limit, const std::function<bool(const RoomCandidate& room)>& wanted) const;

  /// How it stands now, as its shards say one after the other; for coroutines of any executor. Throws
  /// std::logic_error, when it is awaited, unless the application serves.
  [[nodiscard]] task<Statistics> statistics() const;

  /// Who is banned, muted and so on; any thread.
  [[nodiscard]] Moderation& moderation() const;

  /// Settings::clock, or the one of the machine; any thread.
  [[nodiscard]] const Clock& clock() const;

  /// As they were given.
  [[nodiscard]] const Settings& settings() const;

  /// What happened so far; any thread.
  ///@{
  [[nodiscard]] const Counters& counters() const;
  [[nodiscard]] Counters& counters();
  ///@}

 private:
  class Impl;

  /// The one that handlers have, which lives as long as they do.
  explicit Application(Impl& impl);

  std::shared_ptr<Impl> impl_;  // rooms share it; the one of handlers does not own it
};

}  // namespace coroom
