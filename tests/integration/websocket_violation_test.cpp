#include "support/running_server.hpp"
#include "support/websocket_client.hpp"

#include <gtest/gtest.h>

#include <string>

namespace coroom::test {
namespace {

/// Bytes that no client may send, and the code that it is told.
struct Violation {
  const char* name;
  std::string bytes;
  int code;
};

void PrintTo(const Violation& violation, std::ostream* out) {
  *out << violation.name;
}

class WebSocketViolation : public testing::TestWithParam<Violation> {};

TEST_P(WebSocketViolation, IsToldToItsSenderAloneAndCounted) {
  RunningServer server;
  WebSocketClient bystander(server.port());
  EXPECT_EQ(event_of(bystander.read_text()), "进入聊天室");
  WebSocketClient offender(server.port());
  EXPECT_EQ(event_of(bystander.read_text()), "进入聊天室");

  offender.send_raw(GetParam().bytes);
  EXPECT_EQ(offender.read_close().close_code(), GetParam().code);
  EXPECT_EQ(event_of(bystander.read_text()), "离开聊天室");
  EXPECT_EQ(server.count(Counter::websocket_errors), 1);

  bystander.send_text("undisturbed");
  EXPECT_EQ(event_of(bystander.read_text()), "说：undisturbed");
}

const std::string too_long(std::size_t{64} * 1024 + 1, 'x');

INSTANTIATE_TEST_SUITE_P(
    Rfc6455, WebSocketViolation,
    testing::Values(
        Violation{"UnmaskedFrame", "\x81\x05Hello", 1002},
        Violation{"ReservedBit1", masked_frame(0xc1, "x"), 1002},
        Violation{"ReservedBit3", masked_frame(0x91, "x"), 1002},
        Violation{"ReservedDataOpcode", masked_frame(0x83, "x"), 1002},
        Violation{"ReservedControlOpcode", masked_frame(0x8b, "x"), 1002},
        Violation{"FragmentedControlFrame", masked_frame(0x09, "x"), 1002},
        Violation{"LongControlFrame", masked_frame(0x89, std::string(126, 'x')), 1002},
        Violation{"ContinuationOfNothing", masked_frame(0x80, "x"), 1002},
        Violation{"MessageInsideAMessage", masked_frame(0x01, "x") + masked_frame(0x81, "x"), 1002},
        Violation{"CloseWithOneByte", masked_frame(0x88, "x"), 1002},
        Violation{"CloseWithAReservedCode", masked_frame(0x88, "\x03\xed"), 1002},
        Violation{"CloseReasonNotUtf8", masked_frame(0x88, "\x03\xe8\xff"), 1007},
        Violation{"InvalidUtf8", masked_frame(0x81, "\xc0\xaf"), 1007},
        Violation{"CutUtf8", masked_frame(0x81, "\xe8\x81"), 1007},
        Violation{"InvalidUtf8OverFragments", masked_frame(0x01, "\xe8") + masked_frame(0x80, "x"), 1007},
        Violation{"MessageOverTheLimit", masked_frame(0x81, too_long), 1009},
        Violation{"FragmentsOverTheLimit", masked_frame(0x01, too_long.substr(1)) + masked_frame(0x80, "x"),
                  1009}),
    [](const auto& test) { return std::string(test.param.name); });

// A client that ends in the middle of a frame: by falling silent, or by a reset.

TEST(HalfFrame, SilenceIsATimeoutForItsSenderAlone) {
  auto options = test_options();
  options.ping_interval = std::chrono::milliseconds(400);
  RunningServer server(options);
  WebSocketClient bystander(server.port());
  EXPECT_EQ(event_of(bystander.read_text()), "进入聊天室");
  WebSocketClient offender(server.port());
  offender.send_raw(masked_frame(0x81, "never whole").substr(0, 8));
  EXPECT_EQ(event_of(bystander.read_text()), "进入聊天室");
  EXPECT_EQ(event_of(bystander.read_text()), "离开聊天室");
  EXPECT_TRUE(eventually([&] { return server.count(Counter::sessions_lost) == 1; }));
}

TEST(HalfFrame, AResetIsSeenAtOnce) {
  RunningServer server;
  WebSocketClient bystander(server.port());
  EXPECT_EQ(event_of(bystander.read_text()), "进入聊天室");
  WebSocketClient offender(server.port());
  EXPECT_EQ(event_of(bystander.read_text()), "进入聊天室");
  offender.send_raw(masked_frame(0x81, "never whole").substr(0, 8));
  offender.tcp().reset();
  EXPECT_EQ(event_of(bystander.read_text()), "离开聊天室");
  EXPECT_TRUE(eventually([&] { return server.count(Counter::sessions_lost) == 1; }));
}

TEST(CloseHandshake, EchoesTheCodeOfTheClient) {
  RunningServer server;
  for (const int code : {1000, 1001, 3000, 4999}) {
    WebSocketClient client(server.port());
    client.send_close(code, "bye");
    EXPECT_EQ(client.read_close().close_code(), code);
  }
  WebSocketClient without_code(server.port());
  without_code.send_frame(opcode::close, "");
  EXPECT_EQ(without_code.read_close().close_code(), 1005);
  EXPECT_EQ(server.count(Counter::websocket_errors), 0);
}

TEST(CloseHandshake, AClientThatPingsWithoutReadingIsEnded) {
  auto options = test_options();
  options.queue_limit = 16 * 1024;
  options.handshake_timeout = std::chrono::milliseconds(200);
  RunningServer server(options);
  WebSocketClient flooder(server.port(), "/chat", "", TcpClient::Settings{.receive_buffer = 4096});
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
