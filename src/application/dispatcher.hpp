#pragma once

#include "application/site.hpp"
#include "application/upgrade.hpp"
#include "http/response.hpp"
#include "http/trusted_proxies.hpp"
#include "limits/address_limits.hpp"
#include "websocket/session_settings.hpp"

#include <coroom/application.hpp>

#include <boost/regex.hpp>

#include <atomic>
#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::detail::application {

/// Leads requests to handlers: finds the route, makes the handler, calls it, and turns what it made into an
/// answer or an upgrade. All shards use it.
class Dispatcher {
 public:
  /// Throws std::invalid_argument for a pattern that is none. What it refers to outlives it.
  Dispatcher(Application& application, limits::AddressLimits& addresses,
             std::shared_ptr<limits::ByteBudget> queues, std::vector<Route> routes);

  /// Before the first request.
  void trust(http::TrustedProxies proxies) { proxies_ = std::move(proxies); }

  /// Before the first request: the static files come before all other routes.
  void serve(Site site, const std::string& static_url_prefix);

  /// Has the address pay for a request, and decides whether its body is kept.
  [[nodiscard]] http::Reception receive(const Request& request) const;

  [[nodiscard]] task<http::Reply> dispatch(Request request) const;

  /// Returns the answer to a request that no handler gets, as Settings::default_handler writes it, or as
  /// plain text.
  [[nodiscard]] http::Response refuse(unsigned status, std::string_view text, const Request& request) const;

  /// Logs the routes whose handlers have not ended, and how many they are. Any thread.
  void log_running() const;

 private:
  struct CompiledRoute {
    boost::regex pattern;
    Route route;
    std::shared_ptr<std::atomic<std::size_t>> running;  // handlers that there are
  };

  static CompiledRoute compile(Route route);
  [[nodiscard]] bool takes_body(const Request& request) const;

  /// Throws what the handler's constructor does, or std::runtime_error when matching a path takes too long.
  [[nodiscard]] task<http::Reply> lead(Request request, std::shared_ptr<limits::AddressQuota> quota) const;
  [[nodiscard]] task<http::Reply> run(std::shared_ptr<RequestHandler> handler, std::string allowed) const;

  /// Answers with what a handler threw, if it is an HttpError; with 503 if the handler was cancelled; else
  /// with 500 and a log line. Only with Settings::debug the client learns what it was. A complete answer
  /// stays.
  void fail(RequestHandler& handler, const std::exception_ptr& thrown) const;

  /// Returns the answer that the handler has made, which tells the handler when it has left. `allowed` are
  /// the methods of its route.
  static http::Response answer_of(const std::shared_ptr<RequestHandler>& handler,
                                  const std::string& allowed = {});

  /// Answers for the handler with an error.
  static http::Reply turn_away(const std::shared_ptr<RequestHandler>& handler, const HttpError& error);

  /// Begins the session of a request that opens one.
  ///@{
  [[nodiscard]] http::Reply admit(const std::shared_ptr<WebSocketHandler>& handler) const;
  [[nodiscard]] http::Reply open(const std::shared_ptr<WebSocketHandler>& handler) const;
  [[nodiscard]] MakeStream open_websocket(WebSocketHandler& handler) const;
  [[nodiscard]] MakeStream open_stream(StreamHandler& handler) const;
  ///@}
  [[nodiscard]] websocket::SessionSettings session_settings(const WebSocketHandler& handler) const;

  Application& application_;
  limits::AddressLimits& addresses_;
  std::shared_ptr<limits::ByteBudget> queue_budget_;  // of what waits for each session alone
  Site site_;
  std::vector<CompiledRoute> entries_;
  std::shared_ptr<std::atomic<std::size_t>> unrouted_ =
      std::make_shared<std::atomic<std::size_t>>(0);  // default handlers that there are
  http::TrustedProxies proxies_;
};

}  // namespace coroom::detail::application
