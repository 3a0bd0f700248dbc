#include "http/session.hpp"

#include "core/cancel_scope.hpp"
#include "core/deadline.hpp"
#include "http/target.hpp"

#include <coroom/log.hpp>
#include <coroom/version.hpp>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>
#include <utility>

namespace coroom::http {
namespace {

namespace beast = boost::beast;
using boost::asio::ip::tcp;
using Parser = beast::http::request_parser<beast::http::string_body>;

constexpr std::size_t read_chunk =
    4096;  // bytes asked of the socket at a time while a request's head comes in
constexpr unsigned http_1_1 = 11;

/// Why a request could not be read, as the client is told.
struct Refusal {
  unsigned status;
  std::string_view text;
};

Refusal refusal_of(const beast::error_code& ec, const Parser& parser) {
  namespace http = beast::http;
  if (ec == http::error::header_limit || ec == http::error::buffer_overflow) {
    if (parser.get().target().empty()) return {414, "The request target is too long."};
    return {431, "The request's header fields are too large."};
  }
  if (ec == http::error::body_limit) return {413, "The request's body is too large."};
  if (ec == http::error::bad_version) return {505, "Only HTTP/1.0 and HTTP/1.1 are spoken here."};
  return {400, "This is not a well-formed HTTP request."};
}

/// Whether it is known where the request's body ends (RFC 9112 section 6.3), for proxies before us too:
/// HTTP/1.0 has no transfer codings, and of the others none is known here.
bool has_clear_end(const Parser& parser) {
  const auto& fields = parser.get();
  const auto codings = fields.count(beast::http::field::transfer_encoding);
  return codings == 0 || (codings == 1 && fields.version() >= http_1_1 && parser.chunked() &&
                          beast::iequals(fields[beast::http::field::transfer_encoding], "chunked"));
}

/// All but the body.
Request to_request(const Parser& parser) {
  const auto& message = parser.get();
  Request request;
  request.method = std::string(message.method_string());
  request.version = message.version();
  request.target = std::string(message.target());
  request.headers.reserve(static_cast<std::size_t>(std::distance(message.begin(), message.end())));
  for (const auto& field : message)
    request.headers.add(std::string(field.name_string()), std::string(field.value()));
  return request;
}

/// Whether the connection ends with the answer: who tries again connects again, and is counted by that.
bool is_turned_away(const Reply& reply) {
  const auto* response = std::get_if<Response>(&reply);
  if (response == nullptr) return false;
  return response->status == 401 || response->status == 403 || response->status == 429;
}

class Session final : public net::Connection {
 public:
  Session(net::Socket socket, std::uint64_t connection, Admission admission, Context context, Keep keep)
      : keep_(std::move(keep)),
        socket_(std::move(socket)),
        connection_(connection),
        admission_(admission),
        context_(context),
        deadline_(context.shard.executor(), [this] { give_up(); }),
        stopping_(context.shard.stopping()) {
    beast::error_code ignored;
    peer_ = socket_.tcp().remote_endpoint(ignored).address();
    context_.shard.connections().push_back(*this);
  }

  boost::asio::cancellation_slot cancellation() { return scope_.slot(); }

  task<> run() {
    if (socket_.tls() != nullptr && !co_await secure()) co_return abort();
    while (!stopping_) {
      auto parser = std::make_unique<Parser>();
      Request request;
      if (!co_await read(*parser, request)) break;
      request.body = std::move(parser->get().body());
      request.peer = peer_;
      request.connection = connection_;
      request.protocol = socket_.tls() != nullptr ? "https" : "http";
      const bool head_only = request.method == "HEAD";
      keep_alive_ = parser->get().keep_alive();
      parser.reset();

      Reply reply = co_await reply_to(std::move(request));
      if (lost_) break;
      if (auto* upgrade = std::get_if<Upgrade>(&reply)) {
        // RFC 6455 section 4.1: a client sends nothing more until it has read our answer.
        if (stopping_) {
          reply = refused({503, "The server is shutting down."});
        } else if (buffer_.size() == 0) {
          co_return (*upgrade)(std::move(socket_), context_.shard, std::move(keep_));
        } else {
          reply = refused({400, "Data came before the upgrade was answered."});
        }
      }
      if (!co_await write(std::get<Response>(std::move(reply)), head_only)) break;
      if (!keep_alive_) break;
    }
    co_await close();
  }

  void stop() override {
    stopping_ = true;
    if (idle_) abort();
  }

  void abort() override {
    socket_.close();
    scope_.cancel();
  }

  void add_to(Statistics& statistics) const override { ++statistics.connections; }

 private:
  /// The time for what is under way is over; it ends with operation_aborted.
  void give_up() {
    timed_out_ = true;
    beast::error_code ignored;
    socket_.tcp().cancel(ignored);
  }

  /// The TLS handshake; false if it failed.
  task<bool> secure() {
    deadline_.expires_after(context_.settings.tls_timeout);
    const beast::error_code ec = co_await socket_.handshake();
    deadline_.cancel();
    if (!ec) co_return !stopping_;
    context_.counters.add(Count::tls_errors);
    log::info("tls handshake failed", {{"connection", connection_},
                                       {"peer", peer_.to_string()},
                                       {"cause", timed_out_ ? "it did not come in time" : ec.message()}});
    if (net::is_plain_http(ec)) {
      // As it is no TLS, the answer is none either; who does not take it at once does without.
      static constexpr std::string_view text = "This port speaks HTTPS: use https:// or wss://.\n";
      const std::string answer = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: " +
                                 std::to_string(text.size()) + "\r\nConnection: close\r\n\r\n" +
                                 std::string(text);
      beast::error_code ignored;
      socket_.tcp().send(boost::asio::buffer(answer), 0, ignored);
    }
    co_return false;
  }

  /// True when a whole request has come, whose body is still in the parser; else the connection is at its
  /// end, and the client knows why.
  task<bool> read(Parser& parser, Request& request) {
    constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
    parser.header_limit(static_cast<std::uint32_t>(std::min(context_.settings.header_limit, most)));
    parser.body_limit(context_.settings.body_limit);
    if (buffer_.size() == 0 && !co_await wait_for_first_byte()) co_return false;

    deadline_.expires_after(context_.settings.request_timeout);
    auto [ec, size] = co_await beast::http::async_read_header(socket_, buffer_, parser, as_result);
    if (!ec && parser.get().target().size() > context_.settings.target_limit) {
      co_return co_await refuse({414, "The request target is too long."});
    }
    if (!ec && !has_clear_end(parser)) {
      co_return co_await refuse({400, "The one transfer coding of a request is chunked, in HTTP/1.1."});
    }
    // Before its body: fields behind that are no part of it (RFC 9110 section 6.5.1), and no proxy has seen
    // to them.
    if (!ec) request = to_request(parser);
    if (!ec && admission_ != Admission::welcome) {
      deadline_.cancel();
      co_return true;  // whatever else it says, it is refused
    }
    // Who speaks 1.0 does not know of it (RFC 9110 section 10.1.1).
    if (!ec && parser.get().version() >= http_1_1 &&
        beast::iequals(parser.get()[beast::http::field::expect], "100-continue")) {
      const beast::http::response<beast::http::empty_body> go_on(beast::http::status::continue_, 11);
      auto [write_ec, written] = co_await beast::http::async_write(socket_, go_on, as_result);
      ec = write_ec;
    }
    if (!ec) {
      auto [body_ec, body_size] = co_await beast::http::async_read(socket_, buffer_, parser, as_result);
      ec = body_ec;
    }
    if (!ec) {
      deadline_.cancel();  // a handler may take its time
      co_return true;
    }
    if (timed_out_) {
      context_.counters.add(Count::http_timeouts);
      co_return co_await refuse({408, "The request did not come in time."});
    }
    if (ec == beast::http::error::end_of_stream || ec == beast::http::error::partial_message ||
        ec.category() != beast::http::make_error_code(beast::http::error::bad_method).category()) {
      co_return false;  // the peer is gone: nobody is left to answer
    }
    co_return co_await refuse(refusal_of(ec, parser));
  }

  task<bool> wait_for_first_byte() {
    idle_ = true;
    deadline_.expires_after(first_ ? context_.settings.request_timeout
                                   : context_.settings.keep_alive_timeout);
    first_ = false;
    auto [ec, size] = co_await socket_.async_read_some(buffer_.prepare(read_chunk), as_result);
    idle_ = false;
    if (ec || stopping_) co_return false;
    buffer_.commit(size);
    co_return true;
  }

  task<Reply> reply_to(Request request) {
    if (admission_ == Admission::server_full)
      co_return refused({503, "The server is full. Try again later."});
    if (admission_ == Admission::too_many) co_return refused({429, too_many_connections});
    Result<> parsed = check_host(request);
    if (parsed) parsed = parse_target(request.target, request);
    if (parsed) parsed = parse_form(request);
    if (!parsed) {
      co_return refused({400, parsed.error().message});
    }
    Reply reply;
    co_await scope_.run(respond(request, reply));
    if (scope_.cancelled() || is_turned_away(reply)) keep_alive_ = false;
    co_return reply;
  }

  /// Has a reply made, unless the client is lost meanwhile. Both live in reply_to().
  task<> respond(Request& request, Reply& reply) {
    using boost::asio::experimental::awaitable_operators::operator||;
    lost_ = true;
    co_await (make_reply(request, reply) || wait_for_loss());
  }

  task<> make_reply(Request& request, Reply& reply) {
    reply = co_await context_.respond(std::move(request));
    lost_ = false;
  }

  /// Ends when the client closes its side. A request that it sends ahead shows that it still waits for this
  /// one, and hides from us when it no longer does.
  task<> wait_for_loss() {
    auto [ec] = co_await socket_.async_wait(tcp::socket::wait_read, as_result);
    if (ec || socket_.at_end()) co_return;
    boost::asio::steady_timer never(context_.shard.executor(), boost::asio::steady_timer::time_point::max());
    co_await never.async_wait(as_result);
  }

  /// The answer to a fault of the client, after which the connection does not go on.
  Response refused(const Refusal& why) {
    keep_alive_ = false;
    return text_response(why.status, why.text);
  }

  /// Answers and gives false, so that a reader can end with it.
  task<bool> refuse(Refusal why) {
    Response response = refused(why);
    deadline_.expires_after(context_.settings.request_timeout);
    co_await write(std::move(response), false);
    co_return false;
  }

  task<bool> write(Response response, bool head_only) {
    namespace http = beast::http;
    count(response);
    const std::string_view body = response.bytes();
    http::response<http::span_body<const char>> message(static_cast<http::status>(response.status), 11);
    for (const auto& [name, value] : response.headers) message.insert(name, value);
    message.set(http::field::server, "coroom/" COROOM_VERSION);
    message.set(http::field::date, date_now());
    message.keep_alive(keep_alive_ && !stopping_);
    const bool has_length = response.status != 304 && response.status != 204;  // RFC 9110 section 8.6
    if (has_length) message.content_length(body.size());
    message.body() = {body.data(), has_length ? body.size() : 0};

    http::response_serializer<http::span_body<const char>> serializer(message);
    serializer.split(head_only);
    // A slow client may take its time, as long as it takes something.
    while (head_only ? !serializer.is_header_done() : !serializer.is_done()) {
      deadline_.expires_after(context_.settings.request_timeout);
      auto [ec, size] = co_await http::async_write_some(socket_, serializer, as_result);
      if (ec) co_return false;
    }
    co_return true;
  }

  void count(const Response& response) {
    context_.counters.add(Count::http_requests);
    if (response.status < 400) return;
    context_.counters.add(Count::http_errors);
    if (std::exchange(fault_logged_, true)) return;
    std::string_view cause = response.bytes();
    cause = cause.substr(0, cause.find('\n'));
    log::info("http request refused", {{"connection", connection_},
                                       {"peer", peer_.to_string()},
                                       {"status", response.status},
                                       {"cause", cause}});
  }

  /// Sends FIN and reads what is still under way, for a moment: closing with unread bytes would reset the
  /// connection and could take our answer with it (RFC 9112 section 9.6).
  task<> close() {
    socket_.shutdown_send();
    deadline_.expires_after(linger_time);
    for (std::size_t total = 0; total < linger_bytes && !stopping_;) {
      buffer_.clear();
      auto [ec, size] = co_await socket_.async_read_some(buffer_.prepare(read_chunk), as_result);
      if (ec) break;
      total += size;
    }
    abort();
  }

  static constexpr std::chrono::seconds linger_time{2};
  static constexpr std::size_t linger_bytes = 4 * 1024 * 1024;

  Keep keep_;
  net::Socket socket_;
  std::uint64_t connection_;
  Admission admission_;
  Context context_;
  boost::asio::ip::address peer_;
  beast::flat_buffer buffer_;
  Deadline deadline_;
  CancelScope scope_;  // of the handler's work
  bool keep_alive_ = true;
  bool first_ = true;
  bool idle_ = false;
  bool timed_out_ = false;
  bool lost_ = false;  // the client, while a handler worked
  bool fault_logged_ = false;
  bool stopping_;
};

}  // namespace

void start_session(net::Socket socket, std::uint64_t connection, Admission admission, Context context,
                   Keep keep) {
  const auto session =
      std::make_shared<Session>(std::move(socket), connection, admission, context, std::move(keep));
  context.shard.connection_tasks().spawn(session->run(), session->cancellation(), session);
}

}  // namespace coroom::http
