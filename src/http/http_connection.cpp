#include "http/http_connection.hpp"

#include "connection/linger.hpp"
#include "core/cancel_scope.hpp"
#include "core/deadline.hpp"
#include "core/thrown.hpp"
#include "core/work_trail.hpp"
#include "http/body.hpp"
#include "http/target.hpp"
#include "net/turn.hpp"

#include <coroom/log.hpp>
#include <coroom/version.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace coroom::detail::http {
namespace {

namespace beast = boost::beast;
using boost::asio::ip::tcp;
using Parser = beast::http::request_parser<IncomingBody>;

constexpr std::size_t read_chunk = 4096;  // bytes of one read of a request
constexpr std::size_t most_fields = 128;  // header fields of a request; above: 431
constexpr unsigned http_1_1 = 11;
constexpr std::size_t file_piece = 128 * 1024;  // bytes of a large file read at a time

/// The reason to reject a request, as the client receives it.
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
  if (ec == http::error::bad_version) return {505, "This server supports only HTTP/1.0 and HTTP/1.1."};
  return {400, "The HTTP request is malformed."};
}

/// Returns whether the end of the request's body is unambiguous (RFC 9112 section 6.3), also for proxies in
/// front of the server. HTTP/1.0 has no transfer codings, and chunked is the only one supported here.
bool has_clear_end(const Parser& parser) {
  const auto& fields = parser.get();
  const auto codings = fields.count(beast::http::field::transfer_encoding);
  return codings == 0 || (codings == 1 && fields.version() >= http_1_1 && parser.chunked() &&
                          beast::iequals(fields[beast::http::field::transfer_encoding], "chunked"));
}

/// Returns the request without its body.
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

Refusal refusal_of(BodyMemory::Verdict verdict) {
  if (verdict == BodyMemory::Verdict::address_full)
    return {429, "The request bodies of your address need too much memory. Try again later."};
  return {503, "The request bodies of all clients need too much memory. Try again later."};
}

/// A request that is being received.
struct IncomingRequest {
  Parser parser;
  Request request;
  Reception reception;
  std::unique_ptr<BodyMemory> memory;  // of its body
};

/// Returns whether the connection must close after the reply. A client that tries again must then open a new
/// connection, and connections are limited.
bool is_turned_away(const Reply& reply) {
  const auto* response = std::get_if<Response>(&reply);
  if (response == nullptr) return false;
  return response->status == 401 || response->status == 403 || response->status == 429;
}

class HttpConnection final : public net::Connection,
                             private net::TurnTask,
                             public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(net::Socket socket, const AcceptedConnection& accepted, HttpContext context,
                 ConnectionGuard guard)
      : guard_(std::move(guard)),
        socket_(std::move(socket)),
        connection_(accepted.number),
        admission_(accepted.admission),
        context_(context),
        peer_(accepted.peer),
        deadline_(context.shard.executor(), context.shard.clock(), [this] { give_up(); }),
        stopping_(context.shard.stopping()) {
    context_.shard.connections().push_back(*this);
  }

  boost::asio::cancellation_slot cancellation() { return scope_.slot(); }

  task<> run() {
    if (socket_.tls() != nullptr && !co_await secure()) co_return abort();
    while (!stopping_) {
      auto incoming = std::make_unique<IncomingRequest>();
      if (!co_await read(*incoming)) break;
      std::unique_ptr<BodyMemory> memory = std::move(incoming->memory);
      std::optional<Response> refusal = std::move(incoming->reception.refusal);
      Request request = std::move(incoming->request);
      request.body = incoming->parser.get().body().release();
      const bool head_only = request.method == "HEAD";
      version_ = incoming->parser.get().version();
      incoming.reset();

      Reply reply;
      if (refusal) {
        reply = *std::move(refusal);
      } else {
        reply = co_await reply_to(std::move(request));
      }
      memory.reset();  // the response may wait for a slow client
      if (lost_) break;
      if (auto* upgrade = std::get_if<Upgrade>(&reply)) {
        // RFC 6455 section 4.1: a client must not send more before it has received the response.
        if (stopping_) {
          reply = refused({503, "The server is shutting down."}, Request());
        } else if (buffer_.size() == 0) {
          co_return (*upgrade)(std::move(socket_), context_.shard, std::move(guard_));
        } else {
          reply = refused({400, "The client sent data before the server answered the upgrade."}, Request());
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
  /// Cancels the current operation after its time limit: it ends with operation_aborted.
  void give_up() {
    timed_out_ = true;
    beast::error_code ignored;
    socket_.tcp().cancel(ignored);
  }

  /// Performs the TLS handshake. Returns false if it failed.
  task<bool> secure() {
    deadline_.expires_after(context_.timeouts.tls_timeout);
    const beast::error_code ec = co_await socket_.handshake(connection_);
    deadline_.cancel();
    if (!ec) co_return !stopping_;
    // A port scanner connects and sends nothing; that is not logged, as without TLS.
    if (!socket_.tls()->has_received()) co_return false;
    context_.counters.add(Counter::tls_errors);
    logging::info("tls handshake failed", {{"connection", connection_},
                                           {"peer", peer_.to_string()},
                                           {"cause", timed_out_ ? "timeout" : ec.message()}});
    if (net::is_plain_http(ec)) {
      // The client does not use TLS, so neither does the response. It is sent only as far as the socket
      // accepts it at once.
      static constexpr std::string_view text = "This port requires TLS: use https:// or wss://.\n";
      const std::string answer = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: " +
                                 std::to_string(text.size()) + "\r\nConnection: close\r\n\r\n" +
                                 std::string(text);
      beast::error_code ignored;
      socket_.tcp().send(boost::asio::buffer(answer), 0, ignored);
    }
    co_return false;
  }

  /// Returns true once a whole request was received, or enough of it to reject it. The body of a whole
  /// request is still in the parser. Returns false at the end of the connection, after any response to the
  /// client.
  task<bool> read(IncomingRequest& incoming) {
    constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
    Parser& parser = incoming.parser;
    parser.header_limit(static_cast<std::uint32_t>(std::min(context_.limits.max_header_size, most)));
    parser.body_limit(context_.limits.max_body_size);
    drop_empty_lines();
    if (buffer_.size() == 0 && !co_await wait_for_first_byte()) co_return false;

    deadline_.expires_after(context_.timeouts.handshake_timeout);
    if (!co_await skip_empty_lines()) co_return false;
    beast::error_code ec = co_await read_head(parser);
    if (!ec) {
      keep_alive_ = parser.keep_alive();
      // Must precede the body: trailer fields are not part of the head (RFC 9110 section 6.5.1), and proxies
      // do not check them.
      if (!receive(incoming)) {
        deadline_.cancel();
        co_return true;
      }
      ec = co_await read_body(incoming);
    }
    if (!ec) {
      deadline_.cancel();  // a handler has no time limit
      co_return true;
    }
    if (breaks_tls(ec)) co_return false;
    if (timed_out_) {
      context_.counters.add(Counter::http_timeouts);
      co_return co_await refuse({408, "The request did not arrive in time."}, incoming.request);
    }
    if (ec == beast::http::error::end_of_stream || ec == beast::http::error::partial_message ||
        ec.category() != beast::http::make_error_code(beast::http::error::bad_method).category()) {
      co_return false;  // the peer has disconnected, so no response is sent
    }
    co_return co_await refuse(refusal_of(ec, parser), incoming.request);
  }

  /// Checks the head of a request. Returns false if the request is rejected, so its body is not read.
  bool receive(IncomingRequest& incoming) {
    detail::WorkTrail::of_this_thread().add(detail::WorkKind::http_request, connection_);
    received_ = std::chrono::steady_clock::now();
    const Parser& parser = incoming.parser;
    Request& request = incoming.request;
    if (const auto fault = fault_of_head(parser)) return turn_away(incoming, *fault);
    request = to_request(parser);
    request.peer = peer_;
    request.connection = connection_;
    request.protocol = socket_.tls() != nullptr ? "https" : "http";
    if (admission_ == limits::Admission::server_full)
      return turn_away(incoming, {503, "The server has too many connections. Try again later."});
    if (admission_ == limits::Admission::too_many) return turn_away(incoming, {429, too_many_connections});
    Result<> parsed = check_host(request);
    if (parsed) parsed = parse_target(request.target, request);
    if (!parsed) return turn_away(incoming, {400, parsed.error().message});
    incoming.reception = context_.receive(request);
    if (incoming.reception.refusal) keep_alive_ = false;
    return !incoming.reception.refusal;
  }

  [[nodiscard]] std::optional<Refusal> fault_of_head(const Parser& parser) const {
    const auto& head = parser.get();
    if (head.target().size() > context_.limits.max_url_size)
      return Refusal{414, "The request target is too long."};
    if (static_cast<std::size_t>(std::distance(head.begin(), head.end())) > most_fields)
      return Refusal{431, "The request has too many header fields."};
    if (!has_clear_end(parser))
      return Refusal{400, "The only supported transfer coding is chunked, in HTTP/1.1."};
    return std::nullopt;
  }

  /// Rejects the request. Returns false, so that a reader can return the result.
  bool turn_away(IncomingRequest& incoming, const Refusal& why) {
    incoming.reception.refusal = refused(why, incoming.request);
    return false;
  }

  /// Reads the body, if there is one. The quota is charged, and memory is requested, as the bytes are
  /// received. A rejection ends the reading without an error.
  task<beast::error_code> read_body(IncomingRequest& incoming) {
    Parser& parser = incoming.parser;
    if (parser.is_done()) co_return beast::error_code();
    // HTTP/1.0 clients do not know this status (RFC 9110 section 10.1.1).
    if (incoming.request.version >= http_1_1 &&
        beast::iequals(incoming.request.headers.get("Expect").value_or(""), "100-continue")) {
      const beast::http::response<beast::http::empty_body> go_on(beast::http::status::continue_, 11);
      auto [write_ec, written] = co_await beast::http::async_write(socket_, go_on, as_result);
      if (write_ec) co_return write_ec;
    }
    IncomingBody::value_type& body = parser.get().body();
    if (incoming.reception.body == Reception::Body::keep) {
      incoming.memory = std::make_unique<BodyMemory>(incoming.reception.quota, context_.bodies);
      body.keep_in(*incoming.memory, context_.limits.max_body_size);
    }
    const FramingLimit framing(context_.limits.max_header_size);
    std::size_t wire = buffer_.size();
    std::size_t unpaid = wire;
    parser.eager(true);
    while (true) {
      if (!pay(incoming, std::exchange(unpaid, 0))) break;
      beast::error_code ec;
      if (buffer_.size() != 0) buffer_.consume(parser.put(buffer_.data(), ec));
      if (body.verdict() != BodyMemory::Verdict::granted) {
        turn_away(incoming, refusal_of(body.verdict()));
        break;
      }
      if (ec && ec != beast::http::error::need_more) co_return ec;
      if (parser.is_done()) break;
      if (!framing.allows(wire, body.received(), buffer_.size())) {
        turn_away(incoming, {431, "The body's chunk extensions or trailer fields are too large."});
        break;
      }
      const std::size_t before = buffer_.size();
      if (const auto read_ec = co_await receive_bytes()) co_return read_ec;
      unpaid = buffer_.size() - before;
      wire += unpaid;
    }
    co_return beast::error_code();
  }

  /// Charges bytes of a body to the address. Returns false, and rejects the request, if its quota is
  /// exhausted.
  bool pay(IncomingRequest& incoming, std::size_t bytes) {
    limits::AddressQuota* quota = incoming.reception.quota.get();
    if (quota == nullptr || quota->take_bytes(bytes, std::chrono::steady_clock::now())) return true;
    context_.counters.add(Counter::messages_refused);
    return turn_away(incoming, {429, too_many_requests});
  }

  /// Adds received bytes to the buffer. Waits only if there are none, or if the shard should serve others
  /// first.
  task<beast::error_code> receive_bytes() {
    const auto space = buffer_.prepare(read_chunk);
    beast::error_code ec;
    std::size_t size = 0;
    if (context_.shard.should_yield()) {
      ec = boost::asio::error::would_block;
    } else {
      size = socket_.read_some({static_cast<char*>(space.data()), space.size()}, ec);
    }
    if (ec == boost::asio::error::would_block)
      std::tie(ec, size) = co_await socket_.async_read_some(space, as_result);
    buffer_.commit(size);
    co_return ec;
  }

  /// Reads the head of a request. Fails as http::async_read_header() of Beast does.
  task<beast::error_code> read_head(Parser& parser) {
    while (true) {
      beast::error_code ec;
      if (buffer_.size() != 0) {
        buffer_.consume(parser.put(buffer_.data(), ec));
        if (ec && ec != beast::http::error::need_more) co_return ec;
        if (parser.is_header_done()) co_return beast::error_code();
      }
      ec = co_await receive_bytes();
      if (ec == boost::asio::error::eof) {
        ec = beast::http::error::end_of_stream;
        if (parser.got_some()) parser.put_eof(ec);
      }
      if (ec) co_return ec;
    }
  }

  task<bool> wait_for_first_byte() {
    idle_ = true;
    buffer_.shrink_to_fit();  // an idle connection holds little memory
    deadline_.expires_after(first_ ? context_.timeouts.handshake_timeout
                                   : context_.timeouts.keep_alive_timeout);
    first_ = false;
    const beast::error_code ec = co_await receive_bytes();
    idle_ = false;
    if (ec || stopping_) {
      breaks_tls(ec);
      co_return false;
    }
    co_return true;
  }

  /// Returns whether reading ended because the peer violated the TLS limits. That is counted and logged.
  bool breaks_tls(const beast::error_code& ec) {
    if (ec != boost::system::errc::protocol_error) return false;
    context_.counters.add(Counter::tls_errors);
    logging::info("tls connection ended", {{"connection", connection_},
                                           {"peer", peer_.to_string()},
                                           {"cause", "too many records without data"}});
    return true;
  }

  /// Drops line breaks, which old clients may send after a request (RFC 9112 section 2.2). Returns whether
  /// the remaining bytes begin a request.
  bool drop_empty_lines() {
    const auto data = buffer_.data();
    std::string_view text(static_cast<const char*>(data.data()), data.size());
    while (text.starts_with("\r\n")) text.remove_prefix(2);
    buffer_.consume(data.size() - text.size());
    return !text.empty() && text != "\r";
  }

  /// Reads until a request begins. Returns false at the end of the connection.
  task<bool> skip_empty_lines() {
    while (!drop_empty_lines()) {
      if (co_await receive_bytes() || timed_out_) co_return false;
    }
    co_return true;
  }

  task<Reply> reply_to(Request request) {
    if (const Result<> parsed = parse_form(request); !parsed)
      co_return refused({400, parsed.error().message}, request);
    Reply reply;
    lost_ = true;
    context_.shard.seal_at_turn_end(*this);
    co_await scope_.run(make_reply(request, reply));
    if (TurnTask::is_linked()) {
      TurnTask::unlink();
    } else {
      ++watched_;
      watch_.emit(boost::asio::cancellation_type::total);
    }
    if (scope_.cancelled() || is_turned_away(reply)) keep_alive_ = false;
    co_return reply;
  }

  /// The referenced objects live in reply_to().
  task<> make_reply(Request& request, Reply& reply) {
    detail::WorkTrail::of_this_thread().add(detail::WorkKind::http_request, connection_);
    reply = co_await context_.respond(std::move(request));
    lost_ = false;
  }

  /// A handler that ends in the turn of its request needs no watch.
  void end_of_turn() override { watch(); }

  /// Cancels the handler when the client closes its side. A pipelined request shows that the client still
  /// waits for this response, and hides a later close from the server. operator|| is not used here. When
  /// memory is short, one of its operations may be destroyed, and the other would wait forever.
  void watch() {
    const auto readable = [weak = weak_from_this(), number = watched_](beast::error_code ec) {
      const auto self = weak.lock();
      if (!self || self->watched_ != number) return;
      if (!ec) ec = self->socket_.look_for_input();
      if (ec == boost::asio::error::would_block) {
        self->watch();
      } else if (ec) {
        self->scope_.cancel();
      }
    };
    socket_.async_wait(tcp::socket::wait_read, boost::asio::bind_cancellation_slot(watch_.slot(), readable));
  }

  /// Returns the response to a fault of the client, and closes the connection after it.
  Response refused(const Refusal& why, const Request& request) {
    keep_alive_ = false;
    return context_.refuse(why.status, why.text, request);
  }

  /// Sends the rejection. Returns false, so that a reader can return the result.
  task<bool> refuse(Refusal why, const Request& request) {
    Response response = refused(why, request);
    deadline_.expires_after(context_.timeouts.handshake_timeout);
    co_await write(std::move(response), false);
    co_return false;
  }

  /// Sends a response. Returns false at the end of the connection.
  task<bool> write(Response response, bool head_only) {
    count(response);
    Sent sent;
    sent.status = response.status;
    sent.whole = co_await write_message(response, head_only, sent.body_bytes);
    if (response.on_sent) {
      sent.duration =
          std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - received_);
      detail::log_what_is_thrown("on_sent() threw", [&] { response.on_sent(sent); });
    }
    co_return sent.whole;
  }

  /// The referenced objects live in write().
  task<bool> write_message(const Response& response, bool head_only, std::uint64_t& body_bytes) {
    namespace http = beast::http;
    const std::string_view body = response.bytes();
    http::response<http::span_body<const char>> message(static_cast<http::status>(response.status), 11);
    for (const auto& [name, value] : response.headers) message.insert(name, value);
    message.set(http::field::server, "coroom/" COROOM_VERSION);
    message.set(http::field::date, date_now());
    const bool goes_on = keep_alive_ && !stopping_;
    message.keep_alive(goes_on);
    // An HTTP/1.0 client relies on the field (RFC 9112 section 9.3).
    if (goes_on && version_ < http_1_1) message.set(http::field::connection, "keep-alive");
    const bool has_length = response.status != 304 && response.status != 204;  // RFC 9110 section 8.6
    if (has_length) message.content_length(response.size());
    message.body() = {body.data(), has_length ? body.size() : 0};
    const auto* part = std::get_if<FilePart>(&response.body);
    const bool head_first = head_only || part != nullptr;

    http::response_serializer<http::span_body<const char>> serializer(message);
    serializer.split(head_first);
    // A slow client may take any time, as long as it receives something within each timeout.
    while (head_first ? !serializer.is_header_done() : !serializer.is_done()) {
      deadline_.expires_after(context_.timeouts.handshake_timeout);
      auto [ec, size] = co_await http::async_write_some(socket_, serializer, as_result);
      if (ec) co_return false;
    }
    if (head_only || !has_length) co_return true;
    if (part != nullptr) co_return co_await write_file(*part, body_bytes);
    body_bytes = body.size();
    co_return true;
  }

  /// Sends a part of a file, with one piece in memory at a time. The referenced objects live in write().
  task<bool> write_file(const FilePart& part, std::uint64_t& body_bytes) {
    while (body_bytes != part.range.size) {
      const auto length =
          static_cast<std::size_t>(std::min<std::uint64_t>(file_piece, part.range.size - body_bytes));
      deadline_.cancel();
      auto read = [file = part.file, offset = part.range.first + body_bytes, length] {
        return file->read(offset, length);
      };
      const Result<std::string> piece = co_await context_.disk.run(std::move(read));
      if (!piece) {
        logging::error("a file was sent only in part",
                       {{"connection", connection_}, {"cause", piece.error().message}});
        co_return false;
      }
      for (std::size_t begin = 0; begin != piece->size();) {
        deadline_.expires_after(context_.timeouts.handshake_timeout);
        const auto rest = boost::asio::buffer(piece->data() + begin, piece->size() - begin);
        auto [ec, size] = co_await socket_.async_write_some(rest, as_result);
        if (ec) co_return false;
        begin += size;
        body_bytes += size;
      }
    }
    co_return body_bytes == part.range.size;
  }

  void count(const Response& response) {
    context_.counters.add(Counter::http_requests);
    if (response.status < 400) return;
    context_.counters.add(Counter::http_errors);
    if (std::exchange(fault_logged_, true)) return;
    logging::info("http request refused", {{"connection", connection_},
                                           {"peer", peer_.to_string()},
                                           {"status", response.status},
                                           {"cause", response.cause}});
  }

  /// Sends FIN and reads for a short time what the peer still sends.
  task<> close() {
    socket_.shutdown_send();
    deadline_.expires_after(connection::linger_time);
    for (std::size_t total = 0; total < connection::linger_bytes && !stopping_;) {
      buffer_.clear();
      auto [ec, size] = co_await socket_.async_read_some(buffer_.prepare(read_chunk), as_result);
      if (ec) break;
      total += size;
    }
    abort();
  }

  ConnectionGuard guard_;
  net::Socket socket_;
  std::uint64_t connection_;
  limits::Admission admission_;
  HttpContext context_;
  boost::asio::ip::address peer_;
  beast::flat_buffer buffer_;
  detail::Deadline deadline_;
  detail::CancelScope scope_;  // of the handler
  boost::asio::cancellation_signal watch_;
  unsigned watched_ = 0;  // number of requests during which the client was watched
  std::chrono::steady_clock::time_point received_{};  // when the head of the last request was received
  unsigned version_ = http_1_1;                       // HTTP version of the last request
  bool keep_alive_ = true;
  bool first_ = true;
  bool idle_ = false;
  bool timed_out_ = false;
  bool lost_ = false;  // the client disconnected while a handler worked
  bool fault_logged_ = false;
  bool stopping_;
};

}  // namespace

void start_http_connection(net::Socket socket, const AcceptedConnection& accepted, HttpContext context,
                           ConnectionGuard guard) {
  const auto session =
      std::make_shared<HttpConnection>(std::move(socket), accepted, context, std::move(guard));
  context.shard.connection_tasks().spawn(session->run(), session->cancellation(), session);
}

}  // namespace coroom::detail::http
