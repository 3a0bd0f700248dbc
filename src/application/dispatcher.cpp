#include "application/dispatcher.hpp"

#include "application/event_stream.hpp"
#include "application/event_stream_state.hpp"
#include "application/handler_context.hpp"
#include "application/upgrade.hpp"
#include "core/completed.hpp"
#include "core/thrown.hpp"
#include "http/target.hpp"
#include "websocket/connection_state.hpp"
#include "websocket/deflater.hpp"
#include "websocket/handshake.hpp"

#include <coroom/http_error.hpp>
#include <coroom/log.hpp>
#include <coroom/network.hpp>
#include <coroom/stream_handler.hpp>
#include <coroom/websocket_handler.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <utility>

namespace coroom::detail::application {

using connection::Protocol;

namespace {

// A request is charged to its address like several messages, since it may involve the check of a token.
constexpr std::size_t messages_of_request = 10;

constexpr std::string_view address_banned = "This address is banned.";
constexpr std::string_view origin_refused = "Pages of this origin may not connect.";

/// Returns the handler's task for a method; nullopt if the method is unknown.
std::optional<task<>> call_of(RequestHandler& handler, std::string_view method) {
  if (method == "GET" || method == "HEAD") return handler.get();
  if (method == "POST") return handler.post();
  if (method == "PUT") return handler.put();
  if (method == "PATCH") return handler.patch();
  if (method == "DELETE") return handler.delete_();
  if (method == "OPTIONS") return handler.options();
  return std::nullopt;
}

/// Returns whether a request of this method opens the session of its route.
bool opens_session(std::string_view method, Route::Opens opens) {
  return (method == "GET" && opens != Route::Opens::nothing) ||
         (method == "POST" && opens == Route::Opens::stream);
}

/// Makes an upgrade keep `more` for as long as the connection. Returns other replies unchanged.
http::Reply kept_with(http::ConnectionGuard more, http::Reply reply) {
  auto* upgrade = std::get_if<http::Upgrade>(&reply);
  if (upgrade == nullptr) return reply;
  return http::Upgrade([more = std::move(more), begin = std::move(*upgrade)](
                           net::Socket socket, net::Shard& shard, http::ConnectionGuard keep) {
    const auto both =
        std::make_shared<std::pair<http::ConnectionGuard, http::ConnectionGuard>>(std::move(keep), more);
    begin(std::move(socket), shard, both);
  });
}

std::chrono::milliseconds timeout_of_pings(const WebSocketHandler& handler) {
  const auto timeout = handler.ping_timeout();
  return timeout.count() != 0 ? timeout : handler.ping_interval();
}

task<http::Reply> answer(http::Response response) {
  return detail::completed(http::Reply(std::move(response)));
}

/// Returns the methods of a route for the Allow field. OPTIONS is supported everywhere.
std::string with_options(const std::string& methods) {
  if (methods.find("OPTIONS") != std::string::npos) return methods;
  return methods.empty() ? "OPTIONS" : methods + ", OPTIONS";
}

}  // namespace

Dispatcher::Dispatcher(Application& application, limits::AddressLimits& addresses,
                       std::shared_ptr<limits::ByteBudget> queues, std::vector<Route> routes)
    : application_(application), addresses_(addresses), queue_budget_(std::move(queues)) {
  entries_.reserve(routes.size());
  for (Route& route : routes) entries_.push_back(compile(std::move(route)));
}

Dispatcher::CompiledRoute Dispatcher::compile(Route route) {
  boost::regex pattern(route.pattern, boost::regex::perl | boost::regex::no_except);
  if (pattern.status() != 0)
    throw std::invalid_argument("a route's pattern is not a valid regular expression: " + route.pattern);
  return {pattern, std::move(route), std::make_shared<std::atomic<std::size_t>>(0)};
}

void Dispatcher::provide(HandlerServices services) {
  services_ = std::move(services);
  if (!services_.site) return;
  std::vector<CompiledRoute> first;
  for (Route& route : services_.site->routes()) first.push_back(compile(std::move(route)));
  entries_.insert(entries_.begin(), std::make_move_iterator(first.begin()),
                  std::make_move_iterator(first.end()));
}

http::Reception Dispatcher::receive(const Request& request) const {
  http::Reception reception;
  reception.quota = addresses_.quota_of(proxies_.client_of(request));
  if (reception.quota && !reception.quota->take(messages_of_request, 0, std::chrono::steady_clock::now())) {
    application_.counters().add(Counter::messages_refused);
    reception.refusal = refuse(429, http::too_many_requests, request);
  } else if (takes_body(request)) {
    reception.body = http::Reception::Body::keep;
  }
  return reception;
}

void Dispatcher::log_running() const {
  for (const CompiledRoute& entry : entries_) {
    const std::size_t handlers = *entry.running;
    if (handlers != 0)
      logging::error("did not end in time", {{"route", entry.route.pattern}, {"handlers", handlers}});
  }
}

/// Returns whether the first route that matches has a method for the body.
bool Dispatcher::takes_body(const Request& request) const {
  if (request.method == "GET" || request.method == "HEAD") return false;
  try {
    const auto entry = std::ranges::find_if(entries_, [&](const CompiledRoute& candidate) {
      return boost::regex_match(request.raw_path, candidate.pattern);
    });
    // Without methods of its own, a handler may answer in prepare().
    return entry != entries_.end() &&
           (entry->route.allowed.empty() || entry->route.allowed.find(request.method) != std::string::npos);
  } catch (const std::runtime_error&) {
    return false;  // the search took too long; lead() fails too, and reports it
  }
}

task<http::Reply> Dispatcher::dispatch(Request request) const {
  request.remote_ip = proxies_.client_of(request);
  request.protocol = proxies_.protocol_of(request);
  const std::uint64_t connection = request.connection;
  if (request.raw_path == http::server_itself) return answer(http::Response(204));
  try {
    auto quota = addresses_.quota_of(request.remote_ip);
    return lead(std::move(request), std::move(quota));
  } catch (...) {
    const std::string what = detail::what_of(std::current_exception());
    logging::error("cannot create a handler", {{"connection", connection}, {"error", what}});
    return answer(refuse(500, application_.settings().debug ? what : "Internal Server Error", Request()));
  }
}

http::Response Dispatcher::refuse(unsigned status, std::string_view text, const Request& request) const {
  const auto& make = application_.settings().default_handler;
  if (!make) return http::text_response(status, text);
  try {
    const std::shared_ptr<RequestHandler> handler = make();
    handler->context_ = std::make_unique<HandlerContext>(
        application_, services_, unrouted_,
        std::make_unique<RequestContext>(request, std::vector<std::string>(), nullptr));
    handler->answer_error(HttpError(status, std::string(text)));
    return answer_of(handler);
  } catch (...) {
    logging::error("the default handler threw", {{"error", detail::what_of(std::current_exception())}});
    return http::text_response(status, text);
  }
}

task<http::Reply> Dispatcher::lead(Request request, std::shared_ptr<limits::AddressQuota> quota) const {
  for (const CompiledRoute& entry : entries_) {
    boost::smatch match;
    if (!boost::regex_match(request.raw_path, match, entry.pattern)) continue;
    std::vector<std::string> groups;
    for (std::size_t index = 1; index < match.size(); ++index)
      groups.push_back(http::percent_decoded(match[static_cast<int>(index)].str()));
    std::shared_ptr<RequestHandler> handler = entry.route.factory();
    handler->context_ = std::make_unique<HandlerContext>(
        application_, services_, entry.running,
        std::make_unique<RequestContext>(std::move(request), std::move(groups), std::move(quota)));
    return run(std::move(handler), entry);
  }
  return answer(refuse(404, "There is no resource at this URL.", request));
}

/// The route outlives the handler.
task<http::Reply> Dispatcher::run(std::shared_ptr<RequestHandler> handler, const CompiledRoute& entry) const {
  RequestContext& request_context = handler->request_context();
  const bool opens = opens_session(request_context.request.method, entry.route.opens);
  if (opens && application_.moderation().is_banned(request_context.request.remote_ip)) {
    application_.counters().add(Counter::connections_banned);
    logging::info("banned", {{"peer", request_context.request.remote_ip.to_string()}});
    co_return turn_away(handler, HttpError(403, std::string(address_banned)));
  }
  std::exception_ptr thrown;
  try {
    handler->set_default_headers();
    // A function that is no coroutine may return an empty task.
    if (auto prepared = handler->prepare(); prepared.valid()) co_await std::move(prepared);
    if (!handler->finished() && !opens) {
      auto call = call_of(*handler, request_context.request.method);
      if (!call) throw HttpError(405);
      if (call->valid()) co_await std::move(*call);
    }
    if (!handler->finished() && opens)
      co_return admit(std::static_pointer_cast<ConnectionHandler>(handler), entry);
    handler->on_finish();
  } catch (...) {
    thrown = std::current_exception();
  }
  if (thrown) fail(*handler, thrown);
  co_return answer_of(handler, entry.route.allowed);
}

void Dispatcher::fail(RequestHandler& handler, const std::exception_ptr& thrown) const {
  const bool complete = handler.finished();
  if (detail::is_cancellation(thrown)) {
    if (!complete) handler.answer_error(HttpError(503));
    return;
  }
  try {
    std::rethrow_exception(thrown);
  } catch (const HttpError& error) {
    if (!complete) return handler.answer_error(error);
  } catch (...) {  // NOLINT(bugprone-empty-catch): answered below
  }
  const std::string what = detail::what_of(thrown);
  logging::error("a handler threw",
                 {{"connection", handler.request_context().request.connection}, {"error", what}});
  if (complete) return;
  HttpError error(500, application_.settings().debug ? what : std::string());
  error.set_cause(thrown);
  handler.answer_error(error);
}

http::Response Dispatcher::answer_of(const std::shared_ptr<RequestHandler>& handler,
                                     const std::string& allowed) {
  RequestContext& request_context = handler->request_context();
  if (request_context.response.status == 405 || request_context.tells_allowed)
    request_context.response.headers.set("Allow", with_options(allowed));
  http::Response response = request_context.take_response();
  request_context.forget_body();  // the response may wait for a slow client
  response.on_sent = [handler](const Sent& sent) { handler->on_sent(sent); };
  return response;
}

http::Reply Dispatcher::turn_away(const std::shared_ptr<RequestHandler>& handler, const HttpError& error) {
  handler->answer_error(error);
  return answer_of(handler);
}

/// Opens a session. Behind a proxy, it takes a connection slot of the client's address; 429 if none is free.
http::Reply Dispatcher::admit(const std::shared_ptr<ConnectionHandler>& handler,
                              const CompiledRoute& entry) const {
  const Request& request = handler->request_context().request;
  if (request.remote_ip == unmapped(request.peer)) return open(handler, entry);
  auto place = std::make_shared<limits::AddressLimits::ConnectionSlot>(addresses_, request.remote_ip);
  if (place->admission() != limits::Admission::admitted) {
    application_.counters().add(Counter::address_refused);
    return turn_away(handler, HttpError(429, std::string(http::too_many_connections)));
  }
  return kept_with(std::move(place), open(handler, entry));
}

http::Reply Dispatcher::open(const std::shared_ptr<ConnectionHandler>& handler,
                             const CompiledRoute& entry) const {
  const Request& request = handler->request_context().request;
  if (entry.route.opens == Route::Opens::websocket) {
    if (const auto refusal = refuse_upgrade(request)) return turn_away(handler, *refusal);
  }
  if (request.headers.get("Origin") && !handler->check_origin(request.headers.list("Origin"))) {
    application_.counters().add(Counter::origins_refused);
    return turn_away(handler, HttpError(403, std::string(origin_refused)));
  }
  SessionStart begun = entry.route.opens == Route::Opens::websocket
                           ? open_websocket(static_cast<WebSocketHandler&>(*handler), entry)
                           : open_stream(static_cast<StreamHandler&>(*handler));
  handler->request_context().forget_body();  // prepare() has used it, and a session may be long
  handler->request_context().phase = RequestContext::Phase::sent;
  RemoteClient client{request.connection, request.remote_ip, addresses_.quota_of(request.remote_ip)};
  return http::Upgrade([begun = std::move(begun),
                        settings = entry.shared->session.share(session_settings(*handler)),
                        client = std::move(client), handler, &counters = application_.counters()](
                           net::Socket socket, net::Shard& shard, http::ConnectionGuard keep) {
    Session::start({.shard = shard,
                    .counters = counters,
                    .socket = socket.detach(),
                    .protocol = begun.make_protocol(shard.timers().now()),
                    .answer = begun.answer,
                    .settings = settings,
                    .client = client,
                    .handler = handler,
                    .guard = std::move(keep)});
  });
}

Dispatcher::SessionStart Dispatcher::open_websocket(WebSocketHandler& handler,
                                                    const CompiledRoute& entry) const {
  RequestContext& request_context = handler.request_context();
  websocket::Handshake handshake;
  handshake.key = request_context.request.headers.get("Sec-WebSocket-Key").value_or("");
  handshake.extensions = request_context.request.headers.list("Sec-WebSocket-Extensions");
  const http::Response answer = request_context.take_response();
  handshake.answer.assign(answer.headers.begin(), answer.headers.end());
  if (const auto protocol = handler.choose_subprotocol())
    handshake.answer.emplace_back("Sec-WebSocket-Protocol", *protocol);

  const auto options = handler.get_compression_options();
  if (options && !websocket::is_valid(*options))
    throw std::invalid_argument("the compression level must be from 1 to 9");
  const auto compression = options ? websocket::agree(handshake.extensions, *options) : std::nullopt;
  const Timeouts& timeouts = application_.settings().timeouts;
  auto limits = entry.shared->websocket.share(
      {.max_message_size = handler.max_message_size(),
       .message_timeout = timeouts.message_timeout,
       .close_timeout = timeouts.handshake_timeout,
       .pings = {.interval = handler.ping_interval(), .timeout = timeout_of_pings(handler)}});
  return {switching_protocols(handshake, compression), [limits, compression](Protocol::TimePoint now) {
            return std::make_unique<websocket::ConnectionState>(limits, compression, now);
          }};
}

Dispatcher::SessionStart Dispatcher::open_stream(StreamHandler& handler) const {
  const Framing::Kind framing = handler.framing();
  const EventStreamState::Limits limits{.max_message_size = handler.max_message_size(),
                                        .queued_input = application_.settings().limits.queue_limit};
  // The session, which owns the protocol, also holds the handler.
  return {stream_head(handler.request_context().take_response(), framing),
          [framing, limits, &handler](Protocol::TimePoint /*now*/) {
            return std::make_unique<EventStreamState>(
                framing, limits, [&handler](const Disconnect& why) { return handler.farewell(why); });
          }};
}

SessionSettings Dispatcher::session_settings(const ConnectionHandler& handler) const {
  const Settings& general = application_.settings();
  return {.queue = {.bytes = general.limits.queue_limit, .policy = handler.slow_consumer()},
          .rate_limit = handler.rate_limit(),
          .handler_counts = handler.counts_messages(),
          .reply_limit = {.messages = 0, .bytes = general.limits.reply_rate},
          .queue_budget = queue_budget_,
          .drain_timeout = general.timeouts.handshake_timeout};
}

}  // namespace coroom::detail::application
