#include "support/centrifuge_client.hpp"
#include "support/http_client.hpp"
#include "support/running_server.hpp"
#include "support/signing_key.hpp"
#include "support/websocket_client.hpp"

#include <boost/json/object.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace coroom::test {
namespace {

using namespace std::chrono_literals;

constexpr int limit_exceeded = 106;
constexpr int too_many_requests = 111;

std::string channel(const std::string& name) {
  return R"({"channel":")" + name + "\"}";
}

std::string publication(const std::string& room) {
  return R"({"channel":")" + room + R"(","data":1})";
}

class UserLimit : public testing::Test {
 protected:
  static server::ServerConfig options() {
    auto options = test_options();
    options.tokens.keys.push_back(detail::auth::hmac_key("", secret).value());
    options.max_user_connections = 2;
    return options;
  }

  static std::string token(const std::string& user) {
    return SigningKey::secret(secret).token("HS256", R"({"sub":")" + user + "\"}");
  }

  std::unique_ptr<CentrifugeClient> connect(const std::string& user) {
    auto client = std::make_unique<CentrifugeClient>(server_.port());
    EXPECT_TRUE(client->call("connect", R"({"token":")" + token(user) + "\"}").contains("client"));
    return client;
  }

  static inline const std::string secret = "a secret of thirty-two bytes or so";
  RunningServer server_{options()};
};

TEST_F(UserLimit, SendsAwayOneConnectionTooMany) {
  const auto first = connect("bob");
  auto second = connect("bob");
  CentrifugeClient third(server_.port());
  third.send("connect", R"({"token":")" + token("bob") + "\"}");
  const Frame end = third.socket().read_close();
  EXPECT_EQ(end.close_code(), 3504);
  EXPECT_EQ(end.close_reason(), "connection limit");
  EXPECT_EQ(server_.count(Counter::users_refused), 1);
  EXPECT_EQ(server_.count(Counter::connections_banned), 0);

  connect("alice");
  EXPECT_TRUE(first->call("subscribe", channel("tea")).contains("epoch") ||
              error_of(first->call("subscribe", channel("tea"))) == 105);
  second->socket().leave();
  EXPECT_TRUE(eventually([&] {
    CentrifugeClient next(server_.port());
    next.send("connect", R"({"token":")" + token("bob") + "\"}");
    return next.socket().read().opcode == opcode::text;
  }));
}

TEST_F(UserLimit, HoldsForThePlainChatToo) {
  const auto first = connect("bob");
  WebSocketClient second(server_.port(), "/chat?token=" + token("bob"));
  EXPECT_EQ(event_of(second.read_text()), "进入聊天室");
  WebSocketClient third(server_.port(), "/chat?token=" + token("bob"));
  EXPECT_EQ(third.read_close().close_code(), 3504);
}

TEST_F(UserLimit, IsNoneForThoseWithoutAName) {
  std::vector<std::unique_ptr<CentrifugeClient>> all;
  for (int number = 0; number != 5; ++number) {
    all.push_back(std::make_unique<CentrifugeClient>(server_.port()));
    EXPECT_TRUE(all.back()->connect().contains("client"));
  }
}

TEST(RoomLimit, RefusesOneRoomTooManyAndNobodyWhoEntersAnother) {
  auto options = test_options();
  options.max_rooms = 2;
  RunningServer server(options);
  WebSocketClient plain(server.port(), "/chat?room=a");
  EXPECT_EQ(event_of(plain.read_text()), "进入聊天室");
  CentrifugeClient client(server.port());
  client.connect();
  EXPECT_EQ(error_of(client.call("subscribe", channel("b"))), 0);
  EXPECT_EQ(error_of(client.call("subscribe", channel("c"))), limit_exceeded);
  EXPECT_EQ(error_of(client.call("subscribe", channel("a"))), 0);
  WebSocketClient late(server.port(), "/chat?room=d");
  EXPECT_EQ(late.read_close().close_code(), 1013);
  EXPECT_EQ(server.count(Counter::rooms_refused), 2);
  EXPECT_EQ(client.call("subscribe", channel("c")).at("error").at("temporary"), true);

  client.call("unsubscribe", channel("b"));
  EXPECT_TRUE(eventually([&] { return error_of(client.call("subscribe", channel("c"))) == 0; }));
}

TEST(RoomLimit, HoldsForWhoSpeaksWhereNobodyIs) {
  auto options = test_options();
  options.max_rooms = 1;
  options.namespaces.others.rules.publish.client = true;
  RunningServer server(options);
  CentrifugeClient client(server.port());
  client.connect();
  EXPECT_EQ(error_of(client.call("subscribe", channel("a"))), 0);
  EXPECT_EQ(error_of(client.call("publish", publication("a"))), 0);
  EXPECT_EQ(error_of(client.call("publish", publication("b"))), limit_exceeded);
  EXPECT_EQ(server.count(Counter::rooms_refused), 1);
}

TEST(SubscriptionLimit, RefusesOneTooManyAndIsCounted) {
  auto options = test_options();
  options.max_subscriptions = 1;
  RunningServer server(options);
  CentrifugeClient client(server.port());
  client.connect();
  EXPECT_EQ(error_of(client.call("subscribe", channel("a"))), 0);
  EXPECT_EQ(error_of(client.call("subscribe", channel("b"))), limit_exceeded);
  EXPECT_EQ(server.count(Counter::subscriptions_refused), 1);
}

/// A connection that has used up what may come at once.
class CommandRate : public testing::Test {
 protected:
  static server::ServerConfig options() {
    auto options = test_options();
    options.rate_limit = {.messages = 2, .bytes = 0};
    return options;
  }

  CommandRate() {
    hearer_.connect();
    hearer_.call("subscribe", channel("tea"));
    speaker_.connect();
    speaker_.call("subscribe", channel("tea"));
  }

  /// Publishes one after the other, and gives how many were refused.
  int publish(int times) {
    int refused = 0;
    for (; times != 0; --times)
      refused += error_of(speaker_.call("publish", publication("tea"))) == too_many_requests ? 1 : 0;
    return refused;
  }

  RunningServer server_{options()};
  CentrifugeClient hearer_{server_.port()};
  CentrifugeClient speaker_{server_.port()};
};

TEST_F(CommandRate, RefusesWhatIsTooFastAndEverythingElseIsHeard) {
  const int refused = publish(30);
  EXPECT_GE(refused, 5);
  EXPECT_LT(refused, 30);
  EXPECT_EQ(server_.count(Counter::messages_refused), refused);
  for (int heard = refused; heard != 30; ++heard) EXPECT_EQ(hearer_.read_push().at("data"), 1);
}

TEST_F(CommandRate, EndsWhoGoesOnWith3013AndNobodyElse) {
  for (int command = 0; command != 100; ++command) speaker_.send("publish", publication("tea"));
  const Frame end = speaker_.socket().read_close();
  EXPECT_EQ(end.close_code(), 3013);
  EXPECT_EQ(end.close_reason(), "too many requests");
  EXPECT_FALSE(hearer_.call("presence_stats", channel("tea")).contains("error"));
}

TEST_F(CommandRate, CountsTheCommandsOfOneFrame) {
  std::string frame;
  for (int id = 100; id != 200; ++id)
    frame += (id == 100 ? "" : "\n") + (R"({"id":)" + std::to_string(id)) + R"(,"rpc":{"method":"x"}})";
  speaker_.socket().send_text(frame);
  EXPECT_EQ(speaker_.socket().read_close().close_code(), 3013);
}

TEST(PlainRate, TellsWhoIsTooFastAndEndsWhoGoesOn) {
  auto options = test_options();
  options.rate_limit = {.messages = 2, .bytes = 0};
  RunningServer server(options);
  WebSocketClient hearer(server.port());
  EXPECT_EQ(event_of(hearer.read_text()), "进入聊天室");
  WebSocketClient speaker(server.port());
  EXPECT_EQ(event_of(hearer.read_text()), "进入聊天室");
  EXPECT_EQ(event_of(speaker.read_text()), "进入聊天室");
  for (int said = 0; said != 25; ++said) speaker.send_text("hello");
  int refused = 0;
  for (int line = 0; line != 25; ++line)
    refused += event_of(speaker.read_text()) == "未发送：发言过于频繁" ? 1 : 0;
  EXPECT_GE(refused, 1);
  for (int heard = refused; heard != 25; ++heard) EXPECT_EQ(event_of(hearer.read_text()), "说：hello");

  for (int said = 0; said != 50; ++said) speaker.send_text("hello");
  EXPECT_EQ(speaker.read_close().close_code(), 1008);
  EXPECT_GE(server.count(Counter::messages_refused), refused);
}

TEST(PlainRate, HoldsForBytes) {
  auto options = test_options();
  options.rate_limit = {.messages = 0, .bytes = 100};
  RunningServer server(options);
  WebSocketClient speaker(server.port());
  EXPECT_EQ(event_of(speaker.read_text()), "进入聊天室");
  speaker.send_text(std::string(2000, 'x'));
  speaker.send_text("y");
  // What is refused goes through no room, and so may come first.
  const std::vector<std::string> lines{event_of(speaker.read_text()), event_of(speaker.read_text())};
  EXPECT_THAT(lines, testing::UnorderedElementsAre("说：" + std::string(2000, 'x'), "未发送：发言过于频繁"));
}

TEST(PingRate, EndsAClientThatPingsWithoutEnd) {
  RunningServer server;
  WebSocketClient bystander(server.port());
  EXPECT_EQ(event_of(bystander.read_text()), "进入聊天室");
  WebSocketClient pinging(server.port());
  std::string pings;
  for (int number = 0; number != 3000; ++number) pings += masked_frame(0x89, "");
  pinging.send_raw(pings);
  const Frame end = pinging.read_close();
  EXPECT_EQ(end.close_code(), 1008);
  EXPECT_EQ(end.close_reason(), "too many pings");
  EXPECT_EQ(event_of(bystander.read_text()), "进入聊天室");
  EXPECT_EQ(event_of(bystander.read_text()), "离开聊天室");
  bystander.send_text("undisturbed");
  EXPECT_EQ(event_of(bystander.read_text()), "说：undisturbed");
}

/// Sends the rest of a frame, a byte now and then, until it is destroyed or can't any more.
std::jthread drip(WebSocketClient& from, std::string rest) {
  return std::jthread([&from, rest = std::move(rest)](const std::stop_token& stop) {
    try {
      for (const char byte : rest) {
        if (stop.stop_requested()) return;
        from.send_raw({&byte, 1});
        std::this_thread::sleep_for(5ms);  // as slow as it is
      }
    } catch (const std::exception&) {
      return;  // the server has closed
    }
  });
}

TEST(MessageTimeout, EndsAMessageThatDripsAndNobodyElse) {
  auto options = test_options();
  options.message_timeout = 200ms;
  options.handshake_timeout = 500ms;  // as no close frame comes
  RunningServer server(options);
  WebSocketClient bystander(server.port());
  EXPECT_EQ(event_of(bystander.read_text()), "进入聊天室");
  WebSocketClient slow(server.port());
  EXPECT_EQ(event_of(bystander.read_text()), "进入聊天室");
  EXPECT_EQ(event_of(slow.read_text()), "进入聊天室");
  const std::string frame = masked_frame(0x81, std::string(60'000, 'x'));
  {
    const std::jthread dripping = drip(slow, frame);
    const Frame end = slow.read();
    EXPECT_EQ(end.close_code(), 1008);
    EXPECT_EQ(end.close_reason(), "a message took too long");
    EXPECT_EQ(event_of(bystander.read_text()), "离开聊天室");
  }
  EXPECT_EQ(server.count(Counter::websocket_errors), 1);
  bystander.send_text("undisturbed");
  EXPECT_EQ(event_of(bystander.read_text()), "说：undisturbed");
}

TEST(SizeLimit, OfHeadersAndAddressesIsWhatTheFlagsSay) {
  auto options = test_options();
  options.max_header_size = 1000;
  options.max_url_size = 100;
  RunningServer server(options);
  EXPECT_EQ(get(server.port(), "/health").status, 200);
  EXPECT_EQ(get(server.port(), "/" + std::string(100, 'x')).status, 414);
  EXPECT_EQ(get(server.port(), "/health", "X-Long: " + std::string(1000, 'x') + "\r\n").status, 431);
}

}  // namespace
}  // namespace coroom::test
