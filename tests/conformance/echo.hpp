#pragma once

#include "support/process.hpp"
#include "support/websocket_client.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace coroom::test {

/// The longest message that examples/echo accepts.
constexpr std::size_t longest_message = std::size_t{2} << 20;

/// Returns the process of examples/echo, one for all tests.
Process& echo();
std::uint16_t echo_port();

/// Returns the options of a client, with TLS if COROOM_TLS is set.
TcpClient::TcpOptions echo_settings();

/// Returns the upgrade request of RFC 6455 section 1.3, for a test to modify.
std::string good_request(std::string_view fields = "");

/// Sends the bytes on a new connection, and returns the head of the response.
std::string answer_to(std::string_view request);

/// Returns the status, or a field, from the head of a response. A missing field is empty.
int status_of(std::string_view head);
std::string field_of(std::string_view head, std::string_view name);

/// A WebSocket to the echo. `fields` are further lines of its request.
class EchoClient : public RawWebSocketClient {
 public:
  explicit EchoClient(std::string_view fields = "")
      : RawWebSocketClient(echo_port(), "/echo", fields, echo_settings()) {}
};

/// Fails the test unless the connection answers a ping and then closes normally.
void expect_open(RawWebSocketClient& client);

/// Fails the test unless a close frame with this code comes next, then the end of the connection.
void expect_closed(RawWebSocketClient& client, int code);

}  // namespace coroom::test
