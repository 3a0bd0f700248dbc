#pragma once

#include "support/process.hpp"
#include "support/websocket_client.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace coroom::test {

/// The longest message that examples/echo takes.
constexpr std::size_t longest_message = std::size_t{2} << 20;

/// examples/echo, one process for all tests.
Process& echo();
std::uint16_t echo_port();

/// Of a client of its, which speaks TLS if COROOM_TLS is set.
TcpClient::TcpOptions echo_settings();

/// The upgrade request of RFC 6455 section 1.3, for a test to break.
std::string good_request(std::string_view fields = "");

/// The head of the answer to these bytes, on a connection of their own.
std::string answer_to(std::string_view request);

/// Of the head of an answer: its status, and a field; empty if it is not there.
int status_of(std::string_view head);
std::string field_of(std::string_view head, std::string_view name);

/// A WebSocket to the echo; `fields` are header fields of its request.
class EchoClient : public RawWebSocketClient {
 public:
  explicit EchoClient(std::string_view fields = "")
      : RawWebSocketClient(echo_port(), "/echo", fields, echo_settings()) {}
};

/// Fails the test unless the connection still echoes and then closes in good order.
void expect_open(RawWebSocketClient& client);

/// Fails the test unless the next frame is a close frame with this code, and the end of the connection
/// follows.
void expect_closed(RawWebSocketClient& client, int code);

}  // namespace coroom::test
