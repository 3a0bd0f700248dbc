#include "support/centrifuge_client.hpp"
#include "support/http_client.hpp"
#include "support/running_server.hpp"
#include "support/websocket_client.hpp"
#include "testkit/chat_lines.hpp"

#include <gtest/gtest.h>

#include <ctime>

namespace coroom::test {
namespace {

using namespace testkit;

class Chat : public testing::Test {
 protected:
  RunningServer server_;
};

TEST_F(Chat, SendsJoinsMessagesAndLeavesToAll) {
  RawWebSocketClient first(server_.port());
  EXPECT_EQ(first.read_event(), chat_line::joined);
  {
    RawWebSocketClient second(server_.port());
    EXPECT_EQ(second.read_event(), chat_line::joined);
    EXPECT_EQ(first.read_event(), chat_line::joined);
    second.send_text("你好");
    EXPECT_EQ(first.read_event(), chat_line::said("你好"));
    EXPECT_EQ(second.read_event(), chat_line::said("你好")) << "also to the sender";
    second.leave();
  }
  EXPECT_EQ(first.read_event(), chat_line::left);
}

TEST_F(Chat, PutsAddressAndLocalTimeIntoLine) {
  const std::time_t second = 1767225599;
  server_.clock().set(std::chrono::system_clock::from_time_t(second));
  RawWebSocketClient client(server_.port());
  std::tm local{};
  localtime_r(&second, &local);
  std::array<char, 32> time{};
  std::strftime(time.data(), time.size(), "%Y-%m-%d %H:%M:%S", &local);
  EXPECT_EQ(client.read_text(), "[127.0.0.1]-[" + std::string(time.data()) + "]-进入聊天室");
}

TEST_F(Chat, HidesAddressOfCentrifugeClient) {
  RawWebSocketClient plain(server_.port(), "/chat?room=tea");
  plain.read_text();
  CentrifugeClient client(server_.port());
  client.connect();
  client.subscribe("tea");
  const std::string joined = plain.read_text();
  EXPECT_EQ(event_of(joined), chat_line::joined);
  EXPECT_EQ(joined.find("127.0.0.1"), std::string::npos) << joined;
  client.publish("tea", R"({"text":"hello","id":"1"})");
  const std::string line = plain.read_text();
  EXPECT_EQ(event_of(line), chat_line::said("hello"));
  EXPECT_EQ(line.substr(0, line.find(']')), joined.substr(0, joined.find(']'))) << "the same alias";
}

TEST(ChatSettings, HidesAddresses) {
  auto options = test_options();
  options.chat_address = detail::protocol::AddressLines::hide;
  const RunningServer server(options);
  RawWebSocketClient plain(server.port());
  const std::string joined = plain.read_text();
  EXPECT_EQ(joined.find("127.0.0.1"), std::string::npos) << joined;
  plain.send_text("hello");
  EXPECT_EQ(plain.read_text().substr(0, 10), joined.substr(0, 10));
  plain.send_text("\x01");
  EXPECT_EQ(plain.read_text().substr(0, 10), joined.substr(0, 10)) << "also in rejections";
}

TEST_F(Chat, DeliversBinaryMessagesUnchanged) {
  RawWebSocketClient first(server_.port());
  RawWebSocketClient second(server_.port());
  EXPECT_EQ(second.read_event(), chat_line::joined);
  std::string every_byte;
  for (int byte = 0; byte != 256; ++byte) every_byte.push_back(static_cast<char>(byte));
  second.send_frame(opcode::binary, every_byte);
  const Frame frame = second.read();
  EXPECT_EQ(frame.opcode, opcode::binary);
  EXPECT_EQ(frame.payload, every_byte);
  EXPECT_EQ(first.read_event(), chat_line::joined);
  EXPECT_EQ(first.read_event(), chat_line::joined);
  EXPECT_EQ(first.read().payload, every_byte);
}

TEST_F(Chat, DeliversFragmentedMessageAsOneLine) {
  RawWebSocketClient client(server_.port());
  client.read_text();
  client.send_frame(opcode::text, "one \xe8\x81", false);
  client.send_frame(opcode::ping, "in between");
  client.send_frame(opcode::continuation, "\x8a two");
  const Frame pong = client.read();
  EXPECT_EQ(pong.opcode, opcode::pong);
  EXPECT_EQ(pong.payload, "in between");
  EXPECT_EQ(client.read_event(), chat_line::said("one 聊 two"));
}

TEST_F(Chat, DeliversEmptyAndLongestMessage) {
  RawWebSocketClient client(server_.port());
  client.read_text();
  client.send_text("");
  EXPECT_EQ(client.read_event(), chat_line::said(""));
  const std::string longest(std::size_t{64} * 1024, 'x');
  client.send_text(longest);
  EXPECT_EQ(client.read_event(), chat_line::said(longest));
}

TEST_F(Chat, RejectsControlCharacters) {
  RawWebSocketClient client(server_.port());
  EXPECT_EQ(client.read_event(), chat_line::joined);
  for (const char* text : {"a\x01", "\x1b[2J", "\v"}) {
    client.send_text(text);
    EXPECT_EQ(client.read_event(), chat_line::unprintable);
  }
  client.send_text("tab\tand\r\nline");
  EXPECT_EQ(client.read_event(), chat_line::said("tab\tand\r\nline"));
}

TEST_F(Chat, SeparatesRooms) {
  RawWebSocketClient lobby(server_.port(), "/chat");
  EXPECT_EQ(lobby.read_event(), chat_line::joined);
  RawWebSocketClient other(server_.port(), "/chat?room=%E8%8C%B6");
  EXPECT_EQ(other.read_event(), chat_line::joined);
  other.send_text("in the other");
  EXPECT_EQ(other.read_event(), chat_line::said("in the other"));
  RawWebSocketClient named_lobby(server_.port(), "/chat?room=lobby");
  EXPECT_EQ(lobby.read_event(), chat_line::joined) << "the lobby has a name, and received nothing else";
  EXPECT_EQ(server_.rooms(), 2);
}

TEST_F(Chat, LimitsRoomNames) {
  const auto status = [&](const std::string& room) {
    return ask(server_.port(), upgrade_request(server_.port(), "/chat?room=" + room)).status;
  };
  EXPECT_EQ(status(""), 400);
  EXPECT_EQ(status(std::string(255, 'r')), 101);
  EXPECT_EQ(status(std::string(256, 'r')), 400);
  EXPECT_EQ(status("a%0Ab"), 400);
  EXPECT_EQ(status("%FF"), 400);
  EXPECT_EQ(status("lobby%20"), 400);
  EXPECT_EQ(status("lobby%E2%80%8B"), 400) << "a zero width space";
  EXPECT_EQ(status("Zoe%CC%88"), 400) << "not in NFC";
  EXPECT_EQ(status("%"), 101) << "as browsers send it";
}

TEST_F(Chat, RemovesAndRecreatesEmptyRoom) {
  for (int round = 0; round != 20; ++round) {
    RawWebSocketClient client(server_.port(), "/chat?room=again");
    EXPECT_EQ(client.read_event(), chat_line::joined);
    client.leave();
  }
  EXPECT_TRUE(eventually([&] { return server_.rooms() == 0; }));
}

TEST(ChatSettings, StopsAnnouncementsInLargeRoom) {
  auto options = test_options();
  options.application.limits.announce_limit = 2;
  RunningServer server(options);
  RawWebSocketClient first(server.port());
  first.read_text();
  RawWebSocketClient second(server.port());
  first.read_text();
  second.read_text();
  RawWebSocketClient third(server.port());
  third.send_text("hello");
  EXPECT_EQ(third.read_event(), chat_line::said("hello")) << "its own join was not announced";
  EXPECT_EQ(first.read_event(), chat_line::said("hello"));
  third.leave();
  second.leave();
  EXPECT_EQ(first.read_event(), chat_line::left) << "only of the second";
  first.send_text("end");
  EXPECT_EQ(first.read_event(), chat_line::said("end"));
}

TEST(ChatSettings, ShowsIpv6Address) {
  auto options = test_options();
  options.address = "::";
  RunningServer server(options);
  RawWebSocketClient v6(server.port(), "/chat", "", TcpClient::TcpOptions{.address = "::1"});
  EXPECT_TRUE(v6.read_text().starts_with("[::1]-["));
  RawWebSocketClient v4(server.port());
  EXPECT_TRUE(v4.read_text().starts_with("[127.0.0.1]-[")) << "not the mapped form";
}

TEST(ChatSettings, ShowsForwardedAddressOfTrustedProxy) {
  const char* forwarded = "X-Forwarded-For: 203.0.113.9\r\nX-Real-IP: 203.0.113.9\r\n";
  {
    RunningServer distrustful;
    RawWebSocketClient client(distrustful.port(), "/chat", forwarded);
    EXPECT_TRUE(client.read_text().starts_with("[127.0.0.1]-["));
  }
  auto options = test_options();
  options.application.trusted_proxies = {"127.0.0.0/8"};
  RunningServer trustful(options);
  RawWebSocketClient client(trustful.port(), "/chat", forwarded);
  EXPECT_TRUE(client.read_text().starts_with("[203.0.113.9]-["));
}

TEST(ChatSettings, KeepsClientThatAnswersPings) {
  auto options = test_options();
  options.application.timeouts.ping_interval = std::chrono::milliseconds(300);
  RunningServer server(options);
  RawWebSocketClient client(server.port());
  client.read_text();
  for (int beat = 0; beat != 5; ++beat) {
    const std::string head = client.tcp().read_exactly(2);
    EXPECT_EQ(head[0], '\x89');
    client.send_frame(opcode::pong, client.tcp().read_exactly(static_cast<unsigned char>(head[1])));
  }
  client.send_text("still here");
  EXPECT_EQ(client.read_event(), chat_line::said("still here"));
}

TEST(ChatSettings, DisconnectsClientWithoutPong) {
  auto options = test_options();
  options.application.timeouts.ping_interval = std::chrono::milliseconds(50);
  RunningServer server(options);
  RawWebSocketClient silent(server.port());
  EXPECT_NE(silent.tcp().read_to_end().find('\x89'), std::string::npos);
  EXPECT_TRUE(eventually([&] { return server.count(Counter::sessions_lost) == 1; }));
}

}  // namespace
}  // namespace coroom::test
