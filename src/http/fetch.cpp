#include "http/fetch.hpp"

#include "core/async_event.hpp"
#include "core/deadline.hpp"

#include <coroom/version.hpp>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <openssl/ssl.h>
#include <thread>
#include <utility>

namespace coroom::detail::http {
namespace {

namespace beast = boost::beast;
namespace ssl = boost::asio::ssl;
using boost::asio::ip::tcp;

constexpr std::uint32_t longest_header = 16 * 1024;

/// The look-up of a host by the system's resolver, which nothing can interrupt. So a thread of its own waits
/// for it, which may outlive the fetch and its executor.
class HostLookup {
 public:
  /// The function runs on the executor, unless end() is called before.
  static std::shared_ptr<HostLookup> start(const boost::asio::any_io_executor& executor,
                                           const FetchTarget& target, std::function<void()> done) {
    auto lookup = std::make_shared<HostLookup>();
    lookup->executor_ = executor;
    lookup->done_ = std::move(done);
    std::thread([lookup, host = target.host, port = target.port] {
      boost::asio::io_context context;
      boost::system::error_code ec;
      tcp::resolver::results_type endpoints = tcp::resolver(context).resolve(host, port, ec);
      lookup->complete(ec, std::move(endpoints));
    }).detach();
    return lookup;
  }

  /// Must be called while the executor exists. Afterwards nothing is called.
  void end() {
    const std::lock_guard<std::mutex> lock(mutex_);
    executor_ = {};
    done_ = nullptr;
  }

  /// These may be used on the executor once the function was called.
  ///@{
  [[nodiscard]] const boost::system::error_code& error() const { return ec_; }
  [[nodiscard]] const tcp::resolver::results_type& endpoints() const { return endpoints_; }
  ///@}

 private:
  void complete(const boost::system::error_code& ec, tcp::resolver::results_type endpoints) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!executor_) return;
    ec_ = ec;
    endpoints_ = std::move(endpoints);
    boost::asio::post(executor_, std::exchange(done_, nullptr));
  }

  std::mutex mutex_;
  boost::asio::any_io_executor executor_;  // empty: the fetch has ended
  std::function<void()> done_;
  boost::system::error_code ec_;
  tcp::resolver::results_type endpoints_;
};

struct LookupState {
  AsyncEvent changed;
  bool is_found = false;
};

/// One fetch. Its deadline may end any of its waits.
class Fetch {
 public:
  Fetch(const boost::asio::any_io_executor& executor, FetchTarget target, FetchLimits limits)
      : executor_(executor),
        target_(std::move(target)),
        limits_(limits),
        stream_(executor, context_),
        deadline_(executor, [this] { miss(); }) {}

  Fetch(const Fetch&) = delete;
  Fetch& operator=(const Fetch&) = delete;
  ~Fetch() {
    if (lookup_) lookup_->end();
  }

  task<Result<FetchedDocument>> run() {
    deadline_.expires_after(limits_.time);
    Result<> connected = co_await connect();
    if (!connected) co_return tl::unexpected(cause(connected.error()));
    if (!target_.secure) co_return co_await exchange(stream_.next_layer());
    Result<> secured = co_await secure();
    if (!secured) co_return tl::unexpected(cause(secured.error()));
    co_return co_await exchange(stream_);
  }

 private:
  void miss() {
    is_late_ = true;
    beast::error_code ignored;
    stream_.next_layer().close(ignored);
    state_->changed.notify();
  }

  [[nodiscard]] Error cause(const Error& error) const {
    if (!is_late_) return error;
    return failure("no answer within " + std::to_string(limits_.time.count()) + " ms").value();
  }

  task<Result<>> connect() {
    // A posted call may run after this object is gone, so it keeps what it changes.
    lookup_ = HostLookup::start(executor_, target_, [state = state_] {
      state->is_found = true;
      state->changed.notify();
    });
    while (!state_->is_found && !is_late_) co_await state_->changed.wait();
    if (is_late_) co_return failure("late");
    if (lookup_->error()) co_return failure("cannot resolve the host: " + lookup_->error().message());
    auto [ec, endpoint] =
        co_await boost::asio::async_connect(stream_.next_layer(), lookup_->endpoints(), as_result);
    if (is_late_ || ec) co_return failure("cannot connect: " + ec.message());
    co_return Result<>();
  }

  task<Result<>> secure() {
    boost::system::error_code ec;
    context_.set_default_verify_paths(ec);
    if (ec) co_return failure("cannot read the system's certificates: " + ec.message());
    boost::system::error_code address_ec;
    boost::asio::ip::make_address(target_.host, address_ec);
    // RFC 6066 section 3: an address is not a server name.
    if (address_ec) SSL_set_tlsext_host_name(stream_.native_handle(), target_.host.c_str());
    stream_.set_verify_mode(ssl::verify_peer, ec);
    if (!ec) stream_.set_verify_callback(ssl::host_name_verification(target_.host), ec);
    if (ec) co_return failure("TLS: " + ec.message());
    auto [handshake_ec] = co_await stream_.async_handshake(ssl::stream_base::client, as_result);
    if (!handshake_ec) co_return Result<>();
    const long verdict = SSL_get_verify_result(stream_.native_handle());
    if (verdict != X509_V_OK) {
      co_return failure(std::string("TLS: the server's certificate is not trusted: ") +
                        X509_verify_cert_error_string(verdict));
    }
    co_return failure("TLS: " + handshake_ec.message());
  }

  template <class Stream>
  task<Result<FetchedDocument>> exchange(Stream& stream) {
    beast::http::request<beast::http::empty_body> request(beast::http::verb::get, target_.path, 11);
    request.set(beast::http::field::host, target_.authority);
    request.set(beast::http::field::user_agent, "coroom/" COROOM_VERSION);
    request.set(beast::http::field::accept, "application/jwk-set+json, application/json");
    request.set(beast::http::field::accept_encoding, "identity");
    request.set(beast::http::field::connection, "close");
    auto [write_ec, written] = co_await beast::http::async_write(stream, request, as_result);
    if (write_ec) co_return tl::unexpected(cause(failed("the request failed: ", write_ec)));
    beast::http::response_parser<beast::http::string_body> parser;
    parser.body_limit(limits_.body);
    parser.header_limit(longest_header);
    beast::flat_buffer buffer(longest_header + limits_.body);
    auto [read_ec, read] = co_await beast::http::async_read(stream, buffer, parser, as_result);
    const auto& response = parser.get();
    if (parser.is_header_done() && response.result() != beast::http::status::ok) {
      co_return failure("the server answered " + std::to_string(response.result_int()) + " instead of 200");
    }
    if (read_ec == beast::http::error::body_limit) {
      co_return failure("the document is longer than " + std::to_string(limits_.body) + " bytes");
    }
    if (read_ec) co_return tl::unexpected(cause(failed("the response failed: ", read_ec)));
    FetchedDocument document;
    const auto cached = response[beast::http::field::cache_control];
    document.cache_control.assign(cached.data(), cached.size());
    document.body = std::move(parser.get().body());
    co_return document;
  }

  static Error failed(const char* step, const boost::system::error_code& ec) {
    return failure(step + ec.message()).value();
  }

  boost::asio::any_io_executor executor_;
  FetchTarget target_;
  FetchLimits limits_;
  ssl::context context_{ssl::context::tls_client};
  std::shared_ptr<LookupState> state_ = std::make_shared<LookupState>();
  std::shared_ptr<HostLookup> lookup_;  // nullptr before connect()
  ssl::stream<tcp::socket> stream_;     // its next layer alone without TLS
  bool is_late_ = false;
  Deadline deadline_;
};

}  // namespace

task<Result<FetchedDocument>> fetch(FetchTarget target, FetchLimits limits) {
  const auto executor = co_await boost::asio::this_coro::executor;
  Fetch one(executor, std::move(target), limits);
  co_return co_await one.run();
}

}  // namespace coroom::detail::http
