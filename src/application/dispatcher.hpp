#pragma once

#include "application/handler_services.hpp"
#include "application/session.hpp"
#include "application/settings_cache.hpp"
#include "connection/protocol.hpp"
#include "http/response.hpp"
#include "http/trusted_proxies.hpp"
#include "limits/address_limits.hpp"
#include "websocket/connection_state.hpp"

#include <coroom/application.hpp>

#include <boost/regex.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::detail::application {

/// The request router of an application. Finds the route, makes and calls the handler, and turns its result
/// into a response or an upgrade. All shards use it.
class Dispatcher {
 public:
  /// Throws std::invalid_argument for an invalid pattern. `application` and `addresses` must outlive it.
  Dispatcher(Application& application, limits::AddressLimits& addresses,
             std::shared_ptr<limits::ByteBudget> queues, std::vector<Route> routes);

  /// Sets the trusted proxies. Must be called before the first request.
  void trust(http::TrustedProxies proxies) { proxies_ = std::move(proxies); }

  /// Sets the services of the handlers, and adds the routes of the site before all others. Must be called
  /// before the first request.
  void provide(HandlerServices services);

  /// Charges a request to its address, and decides whether its body is kept.
  [[nodiscard]] http::Reception receive(const Request& request) const;

  [[nodiscard]] task<http::Reply> dispatch(Request request) const;

  /// Returns the response to a request without a handler, written by Settings::default_handler or as plain
  /// text.
  [[nodiscard]] http::Response refuse(unsigned status, std::string_view text, const Request& request) const;

  /// Logs the routes with unfinished handlers, and the number of these. Any thread may call it.
  void log_running() const;

 private:
  /// Settings that the connections of one route share.
  struct RouteSettings {
    SettingsCache<SessionSettings> session;
    SettingsCache<websocket::ConnectionLimits> websocket;
  };

  struct CompiledRoute {
    boost::regex pattern;
    Route route;
    std::shared_ptr<std::atomic<std::size_t>> running;  // number of live handlers
    std::shared_ptr<RouteSettings> shared = std::make_shared<RouteSettings>();
  };

  static CompiledRoute compile(Route route);
  [[nodiscard]] bool takes_body(const Request& request) const;

  /// Runs the handler of a request. Throws exceptions of the handler's constructor, and std::runtime_error if
  /// matching the path takes too long.
  [[nodiscard]] task<http::Reply> lead(Request request, std::shared_ptr<limits::AddressQuota> quota) const;
  [[nodiscard]] task<http::Reply> run(std::shared_ptr<RequestHandler> handler,
                                      const CompiledRoute& entry) const;

  /// Makes the response of a handler that threw: the error itself if it is an HttpError, or 503 if the
  /// handler was cancelled. Otherwise the response is 500, and the exception is logged. The client gets the
  /// exception's text only with Settings::debug. A complete response stays.
  void fail(RequestHandler& handler, const std::exception_ptr& thrown) const;

  /// Returns the response of the handler, and notifies the handler once it is sent. `allowed`: the methods of
  /// its route.
  static http::Response answer_of(const std::shared_ptr<RequestHandler>& handler,
                                  const std::string& allowed = {});

  /// Returns an error response of the handler.
  static http::Reply turn_away(const std::shared_ptr<RequestHandler>& handler, const HttpError& error);

  /// The beginning of a session: the bytes to send first, and its protocol.
  struct SessionStart {
    std::string answer;
    std::function<std::unique_ptr<connection::Protocol>(connection::Protocol::TimePoint now)> make_protocol;
  };

  /// These begin the session of a request that opens one.
  ///@{
  [[nodiscard]] http::Reply admit(const std::shared_ptr<ConnectionHandler>& handler,
                                  const CompiledRoute& entry) const;
  [[nodiscard]] http::Reply open(const std::shared_ptr<ConnectionHandler>& handler,
                                 const CompiledRoute& entry) const;
  [[nodiscard]] SessionStart open_websocket(WebSocketHandler& handler, const CompiledRoute& entry) const;
  [[nodiscard]] SessionStart open_stream(StreamHandler& handler) const;
  ///@}
  [[nodiscard]] SessionSettings session_settings(const ConnectionHandler& handler) const;

  Application& application_;
  limits::AddressLimits& addresses_;
  std::shared_ptr<limits::ByteBudget> queue_budget_;  // for data queued for a single session
  HandlerServices services_;
  std::vector<CompiledRoute> entries_;
  std::shared_ptr<std::atomic<std::size_t>> unrouted_ =
      std::make_shared<std::atomic<std::size_t>>(0);  // number of live default handlers
  http::TrustedProxies proxies_;
};

}  // namespace coroom::detail::application
