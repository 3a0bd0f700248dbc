#pragma once

#include <coroom/application.hpp>
#include <coroom/clock.hpp>
#include <coroom/message.hpp>
#include <coroom/request.hpp>

#include <boost/json/value.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// For tests of programs that use coroom (Tornado: tornado.testing): a server, and clients that never wait
/// for ever. It fits any test framework: what is not as expected is a Failure, which says what came instead.
/// Programs link coroom::testing.
namespace coroom::testing {

/// The time that a client waits for anything, unless it is told otherwise.
inline constexpr std::chrono::milliseconds patience{5000};

/// An expectation that was not met, or a time that was over.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An answer to a request.
struct HttpResponse {
  unsigned status = 0;  ///< such as 200
  Headers headers;      ///< its header fields
  std::string body;     ///< whole
};

/// A request, for Server::send().
struct HttpRequest {
  HttpRequest() = default;

  /// This request.
  HttpRequest(std::string request_method, std::string request_target, Headers request_headers = {},
              std::string request_body = {})
      : method(std::move(request_method)),
        target(std::move(request_target)),
        headers(std::move(request_headers)),
        body(std::move(request_body)) {}

  std::string method = "GET";  ///< in capitals
  std::string target = "/";    ///< path and query
  Headers headers;             ///< beside Host, Content-Length and Connection
  std::string body;            ///< whole
};

/// A client of a WebSocket handler. One thread uses it. Between the calls nothing is read, and pings of the
/// server are not answered.
class WebSocket {
 public:
  /// Server::websocket() makes them.
  WebSocket(std::uint16_t port, const std::string& target, const Headers& headers);

  /// The connection goes with it.
  ///@{
  WebSocket(WebSocket&& other) noexcept;
  WebSocket& operator=(WebSocket&& other) noexcept;
  ///@}
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;

  /// Closes the socket at once.
  ~WebSocket();

  /// Sends one message. Fails if the connection has ended.
  ///@{
  void send(std::string_view text);
  void send(const char* text) { send(std::string_view(text)); }
  void send(const Message& message);
  void send(const boost::json::value& value);
  ///@}

  /// Returns the next message. Fails if none comes in this time, or if the connection ends before.
  [[nodiscard]] Message receive(std::chrono::milliseconds limit = patience);

  /// Takes the next message, and fails if that is not this text.
  void expect(std::string_view text, std::chrono::milliseconds limit = patience);

  /// Fails if a message comes before a ping is answered, behind all that the server has sent by then.
  void expect_silence(std::chrono::milliseconds limit = patience);

  /// Begins the closing handshake, and waits for its end.
  void close(std::uint16_t code = 1000, std::string_view reason = {},
             std::chrono::milliseconds limit = patience);

  /// Takes what still comes until the server closes, and returns its close code; 1006 where it sent none.
  /// Fails if it does not close in this time.
  std::uint16_t close_code(std::chrono::milliseconds limit = patience);

  /// Returns the reason beside close_code().
  [[nodiscard]] std::string close_reason() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// An application that serves on a free port of this machine, for the time of a test. It stops when it is
/// destroyed.
class Server {
 public:
  /// Starts it. Throws Failure for a setting that is wrong.
  explicit Server(std::vector<Route> routes, Settings settings = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Stops it.
  ~Server();

  /// Returns the port that it listens on, at 127.0.0.1.
  [[nodiscard]] std::uint16_t port() const;

  /// Returns the application, for its rooms and its counters.
  [[nodiscard]] Application& application() { return application_; }

  /// Sends a request on a connection of its own, and returns the answer. Redirections are not followed.
  ///@{
  [[nodiscard]] HttpResponse send(const HttpRequest& request,
                                  std::chrono::milliseconds limit = patience) const;
  [[nodiscard]] HttpResponse get(const std::string& target, const Headers& headers = {}) const;
  [[nodiscard]] HttpResponse post(const std::string& target, const std::string& body,
                                  const Headers& headers = {}) const;
  ///@}

  /// Connects a client, and returns it when the handler's open() has ended. Fails if the server refuses it.
  [[nodiscard]] WebSocket websocket(const std::string& target = "/", const Headers& headers = {}) const;

 private:
  Application application_;
};

/// A clock that a test sets, for Settings::clock. It begins at the time of the machine, and stands still.
/// What waits by it waits for advance(): Application::every() and sleep_for(), pings and the time limits of
/// connections, the ends of tokens, of histories and of bans. Any thread; it outlives the application.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override;
  [[nodiscard]] std::chrono::nanoseconds passed() const override;

  [[nodiscard]] bool has_timers() const override { return true; }

  /// Calls at once what is due already.
  void call_at(std::chrono::nanoseconds when, std::function<void()> call) const override;

  /// Lets this much time pass. Timers that are due by then go off, in their order, each on the thread of its
  /// own: a test waits for what they do, such as a message, before it advances again.
  void advance(std::chrono::nanoseconds by);

 private:
  mutable std::mutex mutex_;
  TimePoint start_ = std::chrono::system_clock::now();
  std::chrono::nanoseconds passed_{0};
  mutable std::multimap<std::chrono::nanoseconds, std::function<void()>> calls_;
};

}  // namespace coroom::testing
