#include "support/running_server.hpp"
#include "support/websocket_client.hpp"
#include "testkit/chat_lines.hpp"
#include "testkit/codes.hpp"

#include <gtest/gtest.h>

#include <string>

namespace coroom::test {
namespace {

using namespace testkit;

/// Bytes that a client may not send, and the close code that follows.
struct ViolationCase {
  const char* name;
  std::string bytes;
  int code;
};

void PrintTo(const ViolationCase& violation, std::ostream* out) {
  *out << violation.name;
}

class WebSocketViolation : public testing::TestWithParam<ViolationCase> {};

TEST_P(WebSocketViolation, ClosesOnlySenderAndIsCounted) {
  RunningServer server;
  RawWebSocketClient bystander(server.port());
  EXPECT_EQ(bystander.read_event(), chat_line::joined);
  RawWebSocketClient offender(server.port());
  EXPECT_EQ(bystander.read_event(), chat_line::joined);

  offender.send_raw(GetParam().bytes);
  EXPECT_EQ(offender.read_close().close_code(), GetParam().code);
  EXPECT_EQ(bystander.read_event(), chat_line::left);
  EXPECT_EQ(server.count(Counter::websocket_errors), 1);

  bystander.send_text("undisturbed");
  EXPECT_EQ(bystander.read_event(), chat_line::said("undisturbed"));
}

const std::string too_long(std::size_t{64} * 1024 + 1, 'x');

INSTANTIATE_TEST_SUITE_P(
    Rfc6455, WebSocketViolation,
    testing::Values(
        ViolationCase{"UnmaskedFrame", "\x81\x05Hello", websocket_close::protocol_error},
        ViolationCase{"ReservedBit1", masked_frame(0xc1, "x"), websocket_close::protocol_error},
        ViolationCase{"ReservedBit3", masked_frame(0x91, "x"), websocket_close::protocol_error},
        ViolationCase{"ReservedDataOpcode", masked_frame(0x83, "x"), websocket_close::protocol_error},
        ViolationCase{"ReservedControlOpcode", masked_frame(0x8b, "x"), websocket_close::protocol_error},
        ViolationCase{"FragmentedControlFrame", masked_frame(0x09, "x"), websocket_close::protocol_error},
        ViolationCase{"LongControlFrame", masked_frame(0x89, std::string(126, 'x')),
                      websocket_close::protocol_error},
        ViolationCase{"ContinuationOfNothing", masked_frame(0x80, "x"), websocket_close::protocol_error},
        ViolationCase{"MessageInsideAMessage", masked_frame(0x01, "x") + masked_frame(0x81, "x"),
                      websocket_close::protocol_error},
        ViolationCase{"CloseWithOneByte", masked_frame(0x88, "x"), websocket_close::protocol_error},
        ViolationCase{"CloseWithAReservedCode", masked_frame(0x88, "\x03\xed"),
                      websocket_close::protocol_error},
        ViolationCase{"CloseReasonNotUtf8", masked_frame(0x88, "\x03\xe8\xff"),
                      websocket_close::invalid_payload},
        ViolationCase{"InvalidUtf8", masked_frame(0x81, "\xc0\xaf"), websocket_close::invalid_payload},
        ViolationCase{"CutUtf8", masked_frame(0x81, "\xe8\x81"), websocket_close::invalid_payload},
        ViolationCase{"InvalidUtf8OverFragments", masked_frame(0x01, "\xe8") + masked_frame(0x80, "x"),
                      websocket_close::invalid_payload},
        ViolationCase{"MessageOverTheLimit", masked_frame(0x81, too_long), websocket_close::too_big},
        ViolationCase{"FragmentsOverTheLimit",
                      masked_frame(0x01, too_long.substr(1)) + masked_frame(0x80, "x"), 1009}),
    [](const auto& test) { return std::string(test.param.name); });

// A client that stops in the middle of a frame, silently or by a reset.

TEST(WebSocketEnd, FollowsTimeoutOfHalfFrame) {
  auto options = test_options();
  options.application.timeouts.ping_interval = std::chrono::milliseconds(400);
  RunningServer server(options);
  RawWebSocketClient bystander(server.port());
  EXPECT_EQ(bystander.read_event(), chat_line::joined);
  RawWebSocketClient offender(server.port());
  offender.send_raw(masked_frame(0x81, "never whole").substr(0, 8));
  EXPECT_EQ(bystander.read_event(), chat_line::joined);
  EXPECT_EQ(bystander.read_event(), chat_line::left);
  EXPECT_TRUE(eventually([&] { return server.count(Counter::sessions_lost) == 1; }));
}

TEST(WebSocketEnd, FollowsResetAtOnce) {
  RunningServer server;
  RawWebSocketClient bystander(server.port());
  EXPECT_EQ(bystander.read_event(), chat_line::joined);
  RawWebSocketClient offender(server.port());
  EXPECT_EQ(bystander.read_event(), chat_line::joined);
  offender.send_raw(masked_frame(0x81, "never whole").substr(0, 8));
  offender.tcp().reset();
  EXPECT_EQ(bystander.read_event(), chat_line::left);
  EXPECT_TRUE(eventually([&] { return server.count(Counter::sessions_lost) == 1; }));
}

TEST(WebSocketEnd, EchoesCloseCodeOfClient) {
  RunningServer server;
  for (const int code : {1000, 1001, 3000, 4999}) {
    RawWebSocketClient client(server.port());
    client.send_close(code, "bye");
    EXPECT_EQ(client.read_close().close_code(), code);
  }
  RawWebSocketClient without_code(server.port());
  without_code.send_frame(opcode::close, "");
  EXPECT_EQ(without_code.read_close().close_code(), websocket_close::no_status);
  EXPECT_EQ(server.count(Counter::websocket_errors), 0);
}

TEST(WebSocketEnd, FollowsPingsWithoutReading) {
  auto options = test_options();
  options.application.limits.queue_limit = 16 * 1024;
  options.application.timeouts.handshake_timeout = std::chrono::milliseconds(200);
  RunningServer server(options);
  RawWebSocketClient flooder(server.port(), "/chat", "", TcpClient::TcpOptions{.receive_buffer = 4096});
  std::string pings;
  for (int count = 0; count != 500; ++count) pings += masked_frame(0x89, std::string(125, 'p'));
  bool ended = false;
  for (int round = 0; round != 1000 && !ended; ++round) {
    try {
      flooder.send_raw(pings);
    } catch (const std::runtime_error&) {
      ended = true;
    }
  }
  EXPECT_TRUE(ended);
  EXPECT_TRUE(eventually([&] { return server.rooms() == 0; }));
}

}  // namespace
}  // namespace coroom::test
