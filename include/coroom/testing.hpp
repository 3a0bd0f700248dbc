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

/// Support for tests of programs that use coroom (Tornado: tornado.testing). It consists of a server, and of
/// clients with time limits for all calls. It fits any test framework: a failed expectation throws a Failure
/// with the actual result. Programs link coroom::testing.
namespace coroom::testing {

/// The default time limit of a call.
inline constexpr std::chrono::milliseconds patience{5000};

/// Thrown if an expectation is not met or a time limit is exceeded.
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A response to a request.
struct HttpResponse {
  unsigned status = 0;  ///< status code, such as 200
  Headers headers;
  std::string body;  ///< complete
};

/// A request for Server::send().
struct HttpRequest {
  HttpRequest() = default;

  /// Constructs a request.
  HttpRequest(std::string request_method, std::string request_target, Headers request_headers = {},
              std::string request_body = {})
      : method(std::move(request_method)),
        target(std::move(request_target)),
        headers(std::move(request_headers)),
        body(std::move(request_body)) {}

  std::string method = "GET";  ///< in capital letters
  std::string target = "/";    ///< path and query
  Headers headers;             ///< in addition to Host, Content-Length and Connection
  std::string body;            ///< complete
};

/// A client of a WebSocket handler. Server::websocket() creates it, and one thread uses it. It reads only
/// during its calls: between them, it does not answer pings of the server. All of its functions throw Failure
/// if they fail.
class WebSocket {
 public:
  /// Connects to a server on this machine. Programs use Server::websocket().
  WebSocket(std::uint16_t port, const std::string& target, const Headers& headers);

  /// Moves the connection.
  ///@{
  WebSocket(WebSocket&& other) noexcept;
  WebSocket& operator=(WebSocket&& other) noexcept;
  ///@}
  WebSocket(const WebSocket&) = delete;
  WebSocket& operator=(const WebSocket&) = delete;

  /// Closes the socket at once, without a closing handshake.
  ~WebSocket();

  /// Sends one message. Fails if the connection has ended, or if the message is not sent within `patience`.
  ///@{
  void send(std::string_view text);
  void send(const char* text) { send(std::string_view(text)); }
  void send(const Message& message);
  void send(const boost::json::value& value);
  ///@}

  /// Returns the next message. Fails if none arrives in this time, or if the connection ends first.
  [[nodiscard]] Message receive(std::chrono::milliseconds limit = patience);

  /// Reads the next message, and fails unless it is this text.
  void expect(std::string_view text, std::chrono::milliseconds limit = patience);

  /// Sends a ping, and fails if a message arrives before the answer. The answer follows everything that the
  /// server has already sent.
  void expect_silence(std::chrono::milliseconds limit = patience);

  /// Sends a close frame, and reads until the connection has ended. Fails if neither a message nor the end
  /// arrives within `limit`.
  void close(std::uint16_t code = 1000, std::string_view reason = {},
             std::chrono::milliseconds limit = patience);

  /// Reads until the server closes the connection, and returns its close code; 1006 if it sent none. Fails if
  /// neither a message nor the end arrives within `limit`.
  std::uint16_t close_code(std::chrono::milliseconds limit = patience);

  /// Returns the reason that came with close_code().
  [[nodiscard]] std::string close_reason() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// An application that serves on a free port of this machine during a test.
class Server {
 public:
  /// Starts the application.
  ///
  /// Throws: Failure if a setting is invalid, and the exceptions of the constructor of Application.
  explicit Server(std::vector<Route> routes, Settings settings = {});
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Stops the application.
  ~Server();

  /// Returns the port, at 127.0.0.1.
  [[nodiscard]] std::uint16_t port() const;

  /// Returns the application, for example to use its rooms and counters.
  [[nodiscard]] Application& application() { return application_; }

  /// Sends a request on a new connection, and returns the response. Does not follow redirects. Throws Failure
  /// if there is none in the time.
  ///@{
  [[nodiscard]] HttpResponse send(const HttpRequest& request,
                                  std::chrono::milliseconds limit = patience) const;
  [[nodiscard]] HttpResponse get(const std::string& target, const Headers& headers = {}) const;
  [[nodiscard]] HttpResponse post(const std::string& target, const std::string& body,
                                  const Headers& headers = {}) const;
  ///@}

  /// Connects a client. Returns when the handler's open() has ended or has sent a message. Throws Failure if
  /// the server rejects the client.
  [[nodiscard]] WebSocket websocket(const std::string& target = "/", const Headers& headers = {}) const;

 private:
  Application application_;
};

/// A clock for Settings::clock that a test sets. It begins with the time of the machine and stands still
/// until advance(). Any thread may use it, and it must outlive the application.
///
/// These wait for advance(): Application::every() and sleep_for(), pings, time limits of connections, and the
/// ends of tokens, histories and bans.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override;
  [[nodiscard]] std::chrono::nanoseconds passed() const override;

  [[nodiscard]] bool has_timers() const override { return true; }

  /// Calls `call` at once if `when` has been reached already.
  void call_at(std::chrono::nanoseconds when, std::function<void()> call) const override;

  /// Advances the time. Timers that are due then expire in their order, each on its own thread. A test waits
  /// for their effects, such as a message, before it advances again.
  void advance(std::chrono::nanoseconds by);

 private:
  mutable std::mutex mutex_;
  TimePoint start_ = std::chrono::system_clock::now();
  std::chrono::nanoseconds passed_{0};
  mutable std::multimap<std::chrono::nanoseconds, std::function<void()>> calls_;
};

}  // namespace coroom::testing
