#include <coroom/testing.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <optional>
#include <tuple>
#include <utility>

namespace coroom::testing {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr std::size_t most_of_an_answer = std::size_t{64} << 20;  // bytes

/// One request with its response.
class TestExchange {
  /// Returns the completion handler of an operation.
  auto done() {
    ended_.reset();
    return [this](boost::beast::error_code ec, auto&&...) { ended_ = ec; };
  }

 public:
  explicit TestExchange(std::chrono::milliseconds limit) : end_(std::chrono::steady_clock::now() + limit) {}

  HttpResponse answer_to(const HttpRequest& wanted, std::uint16_t port) {
    stream_.expires_never();
    stream_.async_connect({asio::ip::address_v4::loopback(), port}, done());
    wait("no connection to the server");
    http::request<http::string_body> request;
    request.method_string(wanted.method);
    request.target(wanted.target);
    request.version(11);
    request.set(http::field::host, "localhost:" + std::to_string(port));
    request.set(http::field::connection, "close");
    for (const auto& [name, value] : wanted.headers) request.set(name, value);
    request.body() = wanted.body;
    request.prepare_payload();
    http::async_write(stream_, request, done());
    wait("the request was not sent");
    boost::beast::flat_buffer buffer;
    http::response_parser<http::string_body> parser;
    parser.body_limit(most_of_an_answer);
    parser.skip(wanted.method == "HEAD");
    http::async_read(stream_, buffer, parser, done());
    wait("no answer to " + wanted.method + ' ' + wanted.target);
    HttpResponse answer;
    answer.status = parser.get().result_int();
    for (const auto& field : parser.get())
      answer.headers.add(std::string(field.name_string()), std::string(field.value()));
    answer.body = std::move(parser.get().body());
    return answer;
  }

 private:
  void wait(const std::string& otherwise) {
    context_.restart();
    while (!ended_ && context_.run_one_until(end_) != 0) {
    }
    const boost::beast::error_code ec = ended_.value_or(asio::error::timed_out);
    if (ec) throw Failure(otherwise + ": " + ec.message());
  }

  std::chrono::steady_clock::time_point end_;
  asio::io_context context_{1};
  boost::beast::tcp_stream stream_{context_};
  std::optional<boost::beast::error_code> ended_;
};

}  // namespace

Server::Server(std::vector<Route> routes, Settings settings)
    : application_(std::move(routes), std::move(settings)) {
  if (const auto listening = application_.listen(0, "127.0.0.1"); !listening)
    throw Failure(listening.error().message);
  application_.start();
}

Server::~Server() = default;

std::uint16_t Server::port() const {
  return application_.endpoint().port();
}

HttpResponse Server::send(const HttpRequest& request, std::chrono::milliseconds limit) const {
  return TestExchange(limit).answer_to(request, port());
}

HttpResponse Server::get(const std::string& target, const Headers& headers) const {
  return send(HttpRequest("GET", target, headers));
}

HttpResponse Server::post(const std::string& target, const std::string& body, const Headers& headers) const {
  return send(HttpRequest("POST", target, headers, body));
}

WebSocket Server::websocket(const std::string& target, const Headers& headers) const {
  return {port(), target, headers};
}

}  // namespace coroom::testing
