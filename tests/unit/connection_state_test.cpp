#include "websocket/connection_state.hpp"

#include "connection/linger.hpp"
#include "testkit/frame_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace coroom::detail::websocket {
namespace {

using namespace std::chrono_literals;
using connection::ControlFrame;
using connection::End;
using testing::ElementsAre;
using testing::IsEmpty;
using TimeAction = connection::Protocol::TimeAction;

/// Returns a masked frame, with a key of zeros, of a payload below 64 KiB.
std::string frame(Opcode opcode, std::string_view payload, bool final = true) {
  std::string bytes(1, static_cast<char>((final ? final_bit : 0) | static_cast<unsigned>(opcode)));
  if (payload.size() < length_is_16_bits) {
    bytes += static_cast<char>(mask_bit | payload.size());
  } else {
    bytes += static_cast<char>(mask_bit | length_is_16_bits);
    bytes += static_cast<char>(payload.size() >> 8);
    bytes += static_cast<char>(payload.size());
  }
  return bytes.append(4, '\0').append(payload);
}

std::string close_frame(std::uint16_t code) {
  return frame(Opcode::close, std::string{static_cast<char>(code >> 8), static_cast<char>(code)});
}

std::string describe(const Disconnect& disconnect) {
  return std::to_string(disconnect.code) + (disconnect.reason.empty() ? "" : " " + disconnect.reason);
}

std::string describe(const connection::Protocol::ProtocolEvent& received) {
  if (const auto* message = std::get_if<Message>(&received)) return "message " + message->data;
  if (const auto* control = std::get_if<ControlFrame>(&received))
    return (control->kind == ControlFrame::Kind::ping ? "ping " : "pong ") + control->payload;
  const End& end = std::get<End>(received);
  const std::array kinds{"closed ", "violated ", "lost "};
  return kinds.at(static_cast<std::size_t>(end.kind)) + describe(end.disconnect) + ": " + end.cause;
}

/// A connection whose time is set by the test. Pings every 10 seconds, and waits 4 for an answer, 30 for the
/// rest of a message, and 5 for the client's close frame.
class ConnectionStateTest : public testing::Test {
 protected:
  /// Passes bytes on; returns the events up to the end.
  std::vector<std::string> receive(std::string bytes) {
    std::vector<std::string> events;
    std::span<char> data(bytes);
    while (!ended_) {
      const auto received = state_.next(data, now_);
      if (!received) break;
      ended_ = std::holds_alternative<End>(*received);
      events.push_back(describe(*received));
    }
    return events;
  }

  /// Returns the frames that the connection has sent since the last call.
  std::vector<std::string> sent() {
    const std::string bytes = state_.take_output();
    std::vector<std::string> frames;
    for (std::string_view rest = bytes; !rest.empty();) {
      const testkit::FrameView view = reader_.next(rest);
      EXPECT_NE(view.size, 0) << "a frame is not whole";
      if (view.size == 0) break;
      const auto opcode = static_cast<Opcode>(view.head.opcode);
      if (opcode == Opcode::close) {
        const auto* code = reinterpret_cast<const unsigned char*>(view.payload.data());
        frames.push_back("close " + std::to_string(code[0] << 8 | code[1]) +
                         (view.payload.size() > 2 ? " " : "") + std::string(view.payload.substr(2)));
      } else {
        frames.push_back((opcode == Opcode::ping ? "ping " : "pong ") + std::string(view.payload));
      }
      rest.remove_prefix(view.size);
    }
    return frames;
  }

  TimeAction at(std::chrono::nanoseconds time, bool reads = true) {
    now_ = time;
    return state_.on_time(now_, reads);
  }

  const std::shared_ptr<const ConnectionLimits> limits_ =
      std::make_shared<const ConnectionLimits>(ConnectionLimits{.max_message_size = 1000,
                                                                .message_timeout = 30s,
                                                                .close_timeout = 5s,
                                                                .pings = {.interval = 10s, .timeout = 4s}});
  std::chrono::nanoseconds now_{0};
  ConnectionState state_{limits_, std::nullopt, now_};
  testkit::FrameReader reader_{testkit::FrameSender::server};
  bool ended_ = false;
};

TEST_F(ConnectionStateTest, ReturnsMessagesInOrder) {
  EXPECT_THAT(receive(frame(Opcode::text, "one") + frame(Opcode::binary, "two")),
              ElementsAre("message one", "message two"));
  EXPECT_TRUE(state_.is_open());
  EXPECT_THAT(sent(), IsEmpty());
}

TEST_F(ConnectionStateTest, AnswersPings) {
  EXPECT_THAT(receive(frame(Opcode::ping, "hello")), ElementsAre("ping hello"));
  EXPECT_THAT(sent(), ElementsAre("pong hello"));
  EXPECT_THAT(receive(frame(Opcode::pong, "")), ElementsAre("pong "));
  EXPECT_THAT(sent(), IsEmpty());
}

// Every order of closing.

TEST_F(ConnectionStateTest, EchoesTheCodeOfTheClient) {
  EXPECT_THAT(receive(close_frame(4000) + frame(Opcode::text, "late")),
              ElementsAre("closed 4000: closed by the client"));
  EXPECT_THAT(sent(), ElementsAre("close 4000"));
  EXPECT_FALSE(state_.is_open());
  EXPECT_FALSE(state_.lingers()) << "the server closes first";
  EXPECT_EQ(state_.due(), std::nullopt);
}

TEST_F(ConnectionStateTest, WaitsForTheCloseFrameOfTheClient) {
  state_.close({1000, "bye"}, now_);
  EXPECT_THAT(sent(), ElementsAre("close 1000 bye"));
  EXPECT_FALSE(state_.is_open());
  EXPECT_EQ(state_.due(), 5s);
  EXPECT_THAT(receive(frame(Opcode::text, "on its way") + frame(Opcode::ping, "x")), ElementsAre("ping x"))
      << "messages are discarded";
  EXPECT_THAT(receive(close_frame(1001)), ElementsAre("closed 1000 bye: closed by the server"));
  EXPECT_THAT(sent(), IsEmpty()) << "nothing follows a close frame";
  EXPECT_FALSE(state_.lingers());
}

TEST_F(ConnectionStateTest, ClosesOnce) {
  state_.close({1000, "first"}, now_);
  state_.close({1001, "second"}, now_);
  EXPECT_THAT(sent(), ElementsAre("close 1000 first"));
  EXPECT_EQ(describe(state_.on_read_error("reset")), "closed 1000 first: closed by the server");
}

TEST_F(ConnectionStateTest, GivesUpAClientThatDoesNotClose) {
  state_.close({1000, ""}, now_);
  EXPECT_EQ(at(4s), TimeAction::none);
  EXPECT_EQ(at(5s, false), TimeAction::none) << "its close frame may be unread";
  EXPECT_EQ(at(9s), TimeAction::none);
  EXPECT_EQ(at(10s), TimeAction::give_up);
  EXPECT_GT(state_.due(), now_);
  EXPECT_TRUE(state_.lingers());
}

TEST_F(ConnectionStateTest, EndsIfTheClientGoesOnSending) {
  state_.close({1000, ""}, now_);
  const std::string message = frame(Opcode::binary, std::string(1000, 'x'));
  std::vector<std::string> events;
  std::size_t bytes = 0;
  for (; events.empty() && bytes < 2 * connection::linger_bytes; bytes += message.size())
    events = receive(message);
  EXPECT_THAT(events, ElementsAre("closed 1000: closed by the server"));
  EXPECT_GT(bytes, connection::linger_bytes);
  EXPECT_FALSE(state_.lingers());
}

TEST_F(ConnectionStateTest, EndsIfTheClientGoesOnPinging) {
  state_.close({1000, ""}, now_);
  std::string pings;
  while (pings.size() < 65'536) pings += frame(Opcode::ping, std::string(125, 'p'));
  std::size_t bytes = 0;
  for (; !ended_ && bytes < 2 * connection::linger_bytes; bytes += pings.size()) receive(pings);
  EXPECT_TRUE(ended_);
  EXPECT_GT(bytes, connection::linger_bytes);
}

TEST_F(ConnectionStateTest, ReportsTheLossOfAClient) {
  EXPECT_EQ(describe(state_.on_read_error("reset")), "lost 1006: reset");
}

TEST_F(ConnectionStateTest, RefusesAViolation) {
  EXPECT_THAT(receive("\x83\x80...."),
              ElementsAre("violated 1002 a frame with a reserved opcode: a frame with "
                          "a reserved opcode"));
  EXPECT_THAT(sent(), ElementsAre("close 1002 a frame with a reserved opcode"));
  EXPECT_FALSE(state_.is_open());
  EXPECT_TRUE(state_.lingers()) << "the client may still be sending";
}

TEST_F(ConnectionStateTest, CountsAViolationAfterItsCloseAsClosed) {
  state_.close({1000, ""}, now_);
  EXPECT_THAT(sent(), ElementsAre("close 1000"));
  EXPECT_THAT(receive("\x83\x80...."), ElementsAre("closed 1000: closed by the server"));
  EXPECT_THAT(sent(), IsEmpty());
}

// Silence.

TEST_F(ConnectionStateTest, PingsAndTakesAnyByteAsAnswer) {
  EXPECT_EQ(state_.due(), 10s);
  EXPECT_EQ(at(10s), TimeAction::none);
  EXPECT_THAT(sent(), ElementsAre("ping "));
  receive(frame(Opcode::text, "a").substr(0, 3));
  EXPECT_EQ(at(14s), TimeAction::none);
  EXPECT_EQ(at(20s), TimeAction::none);
  EXPECT_THAT(sent(), ElementsAre("ping ")) << "the next one";
}

TEST_F(ConnectionStateTest, ReportsASilentClientAsLost) {
  at(10s);
  EXPECT_EQ(at(14s), TimeAction::check_peer);
  EXPECT_TRUE(state_.is_lost_after(4s, now_));
  EXPECT_EQ(describe(state_.on_read_error("closed")), "lost 1006: no answer to a ping");
}

TEST_F(ConnectionStateTest, KeepsAClientThatTheKernelHasHeard) {
  at(10s);
  EXPECT_EQ(at(14s), TimeAction::check_peer);
  EXPECT_FALSE(state_.is_lost_after(3999ms, now_));
  EXPECT_EQ(at(20s), TimeAction::none);
  sent();
  EXPECT_EQ(at(24s), TimeAction::check_peer) << "it needs a new answer";
}

TEST_F(ConnectionStateTest, SendsNoPingAfterTheCloseFrame) {
  state_.close({1000, ""}, now_);
  sent();
  EXPECT_EQ(at(4s), TimeAction::none);
  state_.ping("x");
  EXPECT_THAT(sent(), IsEmpty());
}

// Lateness.

TEST_F(ConnectionStateTest, ClosesIfAMessageTakesTooLong) {
  const std::string message = frame(Opcode::text, "slow");
  now_ = 1s;
  receive(message.substr(0, 3));
  EXPECT_EQ(state_.due(), 10s) << "the ping";
  at(10s);
  receive(message.substr(3, 5));
  sent();
  at(30s);
  sent();
  EXPECT_TRUE(state_.is_open());
  EXPECT_EQ(state_.due(), 31s);
  at(31s);
  EXPECT_THAT(sent(), ElementsAre("close 1008 a message took too long"));
  EXPECT_THAT(receive(message.substr(8) + close_frame(1000)),
              ElementsAre("violated 1008 a message took too long: a message took too long"));
}

TEST_F(ConnectionStateTest, CountsTheTimeOfAMessageAcrossPings) {
  receive(frame(Opcode::text, "first", false));
  for (int second = 5; second <= 25; second += 5) {
    at(std::chrono::seconds(second));
    receive(frame(Opcode::ping, ""));
  }
  sent();
  at(30s);
  EXPECT_THAT(sent(), testing::Contains("close 1008 a message took too long"));
}

TEST_F(ConnectionStateTest, CountsTheTimeOfEachMessageAnew) {
  for (int second = 0; second <= 60; second += 20) {
    now_ = std::chrono::seconds(second);
    receive(frame(Opcode::text, "", false));
    now_ += 15s;
    EXPECT_THAT(receive(frame(Opcode::continuation, "x")), ElementsAre("message x"));
    at(now_);
  }
  EXPECT_TRUE(state_.is_open());
}

}  // namespace
}  // namespace coroom::detail::websocket
