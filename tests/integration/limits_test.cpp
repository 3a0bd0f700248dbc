#include "support/centrifuge_client.hpp"
#include "support/http_client.hpp"
#include "support/running_server.hpp"
#include "support/signing_key.hpp"
#include "support/websocket_client.hpp"
#include "testkit/centrifuge_commands.hpp"
#include "testkit/chat_lines.hpp"
#include "testkit/codes.hpp"

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
using namespace testkit;

class LimitsOfUser : public testing::Test {
 protected:
  static server::ServerConfig options() {
    auto options = test_options();
    options.tokens.keys.push_back(detail::auth::hmac_key("", secret).value());
    options.application.limits.max_user_connections = 2;
    return options;
  }

  static std::string token(const std::string& user) {
    return SigningKey::secret(secret).token("HS256", R"({"sub":")" + user + "\"}");
  }

  std::unique_ptr<CentrifugeClient> connect(const std::string& user) {
    auto client = std::make_unique<CentrifugeClient>(server_.port());
    EXPECT_TRUE(client->connect(token(user)).contains("client"));
    return client;
  }

  static inline const std::string secret = "a secret of thirty-two bytes or so";
  RunningServer server_{options()};
};

TEST_F(LimitsOfUser, RejectsConnectionsOverLimit) {
  const auto first = connect("bob");
  auto second = connect("bob");
  CentrifugeClient third(server_.port());
  third.send("connect", token_request(token("bob")));
  const Frame end = third.socket().read_close();
  EXPECT_EQ(end.close_code(), centrifuge_close::connection_limit);
  EXPECT_EQ(end.close_reason(), "connection limit");
  EXPECT_EQ(server_.count(Counter::users_refused), 1);
  EXPECT_EQ(server_.count(Counter::connections_banned), 0);

  connect("alice");
  EXPECT_TRUE(first->subscribe("tea").contains("epoch") ||
              error_of(first->subscribe("tea")) == centrifuge_error::already_subscribed);
  second->socket().leave();
  EXPECT_TRUE(eventually([&] {
    CentrifugeClient next(server_.port());
    next.send("connect", token_request(token("bob")));
    return next.socket().read().opcode == opcode::text;
  }));
}

TEST_F(LimitsOfUser, CountsPlainChatConnections) {
  const auto first = connect("bob");
  RawWebSocketClient second(server_.port(), "/chat?token=" + token("bob"));
  EXPECT_EQ(second.read_event(), chat_line::joined);
  RawWebSocketClient third(server_.port(), "/chat?token=" + token("bob"));
  EXPECT_EQ(third.read_close().close_code(), centrifuge_close::connection_limit);
}

TEST_F(LimitsOfUser, IgnoresAnonymousClients) {
  std::vector<std::unique_ptr<CentrifugeClient>> all;
  for (int number = 0; number != 5; ++number) {
    all.push_back(std::make_unique<CentrifugeClient>(server_.port()));
    EXPECT_TRUE(all.back()->connect().contains("client"));
  }
}

TEST(Limits, RejectsRoomsOverLimit) {
  auto options = test_options();
  options.application.limits.max_rooms = 2;
  RunningServer server(options);
  RawWebSocketClient plain(server.port(), "/chat?room=a");
  EXPECT_EQ(plain.read_event(), chat_line::joined);
  CentrifugeClient client(server.port());
  client.connect();
  EXPECT_EQ(error_of(client.subscribe("b")), 0);
  EXPECT_EQ(error_of(client.subscribe("c")), centrifuge_error::limit_exceeded);
  EXPECT_EQ(error_of(client.subscribe("a")), 0);
  RawWebSocketClient late(server.port(), "/chat?room=d");
  EXPECT_EQ(late.read_close().close_code(), websocket_close::try_again_later);
  EXPECT_EQ(server.count(Counter::rooms_refused), 2);
  EXPECT_EQ(client.subscribe("c").at("error").at("temporary"), true);

  client.unsubscribe("b");
  EXPECT_TRUE(eventually([&] { return error_of(client.subscribe("c")) == 0; }));
}

TEST(Limits, RejectsPublishIntoNewRoomOverLimit) {
  auto options = test_options();
  options.application.limits.max_rooms = 1;
  options.namespaces.others.rules.publish.client = true;
  RunningServer server(options);
  CentrifugeClient client(server.port());
  client.connect();
  EXPECT_EQ(error_of(client.subscribe("a")), 0);
  EXPECT_EQ(error_of(client.publish("a", "1")), 0);
  EXPECT_EQ(error_of(client.publish("b", "1")), centrifuge_error::limit_exceeded);
  EXPECT_EQ(server.count(Counter::rooms_refused), 1);
}

TEST(Limits, RejectsSubscriptionsOverLimit) {
  auto options = test_options();
  options.centrifuge.max_subscriptions = 1;
  RunningServer server(options);
  CentrifugeClient client(server.port());
  client.connect();
  EXPECT_EQ(error_of(client.subscribe("a")), 0);
  EXPECT_EQ(error_of(client.subscribe("b")), centrifuge_error::limit_exceeded);
  EXPECT_EQ(server.count(Counter::subscriptions_refused), 1);
}

/// A sender and a receiver under a low limit of commands.
class LimitsOfCommands : public testing::Test {
 protected:
  static server::ServerConfig options() {
    auto options = test_options();
    options.application.limits.rate_limit = {.messages = 2, .bytes = 0};
    return options;
  }

  LimitsOfCommands() {
    receiver_.connect();
    receiver_.subscribe("tea");
    sender_.connect();
    sender_.subscribe("tea");
  }

  /// Publishes in sequence, and returns how many publications were rejected.
  int publish(int times) {
    int refused = 0;
    for (; times != 0; --times)
      refused += error_of(sender_.publish("tea", "1")) == centrifuge_error::too_many_requests ? 1 : 0;
    return refused;
  }

  RunningServer server_{options()};
  CentrifugeClient receiver_{server_.port()};
  CentrifugeClient sender_{server_.port()};
};

TEST_F(LimitsOfCommands, RejectsPublicationsOverRate) {
  const int refused = publish(30);
  EXPECT_GE(refused, 5);
  EXPECT_LT(refused, 30);
  EXPECT_EQ(server_.count(Counter::messages_refused), refused);
  for (int delivered = refused; delivered != 30; ++delivered) EXPECT_EQ(receiver_.read_push().at("data"), 1);
}

TEST_F(LimitsOfCommands, ClosesWith3013OnRepeatedViolation) {
  for (int command = 0; command != 100; ++command) sender_.send("publish", publish_request("tea", "1"));
  const Frame end = sender_.socket().read_close();
  EXPECT_EQ(end.close_code(), centrifuge_close::too_many_requests);
  EXPECT_EQ(end.close_reason(), "too many requests");
  EXPECT_FALSE(receiver_.presence_stats("tea").contains("error"));
}

TEST_F(LimitsOfCommands, CountsEachCommandOfFrame) {
  std::string frame;
  for (std::uint64_t id = 100; id != 200; ++id)
    frame += (id == 100 ? "" : "\n") + command(id, "rpc", R"({"method":"x"})");
  sender_.socket().send_text(frame);
  EXPECT_EQ(sender_.socket().read_close().close_code(), centrifuge_close::too_many_requests);
}

TEST(Limits, ClosesPlainClientOnRepeatedViolation) {
  auto options = test_options();
  options.application.limits.rate_limit = {.messages = 2, .bytes = 0};
  RunningServer server(options);
  RawWebSocketClient receiver(server.port());
  EXPECT_EQ(receiver.read_event(), chat_line::joined);
  RawWebSocketClient speaker(server.port());
  EXPECT_EQ(receiver.read_event(), chat_line::joined);
  EXPECT_EQ(speaker.read_event(), chat_line::joined);
  for (int said = 0; said != 25; ++said) speaker.send_text("hello");
  int refused = 0;
  for (int line = 0; line != 25; ++line) refused += speaker.read_event() == chat_line::too_fast ? 1 : 0;
  EXPECT_GE(refused, 1);
  for (int delivered = refused; delivered != 25; ++delivered)
    EXPECT_EQ(receiver.read_event(), chat_line::said("hello"));

  for (int said = 0; said != 50; ++said) speaker.send_text("hello");
  EXPECT_EQ(speaker.read_close().close_code(), websocket_close::policy_violation);
  EXPECT_GE(server.count(Counter::messages_refused), refused);
}

TEST(Limits, RejectsBytesOverRate) {
  auto options = test_options();
  options.application.limits.rate_limit = {.messages = 0, .bytes = 100};
  RunningServer server(options);
  RawWebSocketClient speaker(server.port());
  EXPECT_EQ(speaker.read_event(), chat_line::joined);
  speaker.send_text(std::string(2000, 'x'));
  speaker.send_text("y");
  // A rejection does not pass through the room, so it may come first.
  const std::vector<std::string> lines{speaker.read_event(), speaker.read_event()};
  EXPECT_THAT(lines,
              testing::UnorderedElementsAre(chat_line::said(std::string(2000, 'x')), chat_line::too_fast));
}

TEST(Limits, ClosesPingFlood) {
  RunningServer server;
  RawWebSocketClient bystander(server.port());
  EXPECT_EQ(bystander.read_event(), chat_line::joined);
  RawWebSocketClient pinging(server.port());
  std::string pings;
  for (int number = 0; number != 3000; ++number) pings += masked_frame(0x89, "");
  pinging.send_raw(pings);
  const Frame end = pinging.read_close();
  EXPECT_EQ(end.close_code(), websocket_close::policy_violation);
  EXPECT_EQ(end.close_reason(), "too many pings");
  EXPECT_EQ(bystander.read_event(), chat_line::joined);
  EXPECT_EQ(bystander.read_event(), chat_line::left);
  bystander.send_text("undisturbed");
  EXPECT_EQ(bystander.read_event(), chat_line::said("undisturbed"));
}

/// Sends the rest of a frame byte by byte, until it is destroyed or the connection ends.
std::jthread drip(RawWebSocketClient& from, std::string rest) {
  return std::jthread([&from, rest = std::move(rest)](const std::stop_token& stop) {
    try {
      for (const char byte : rest) {
        if (stop.stop_requested()) return;
        from.send_raw({&byte, 1});
        std::this_thread::sleep_for(5ms);  // the pace of the bytes
      }
    } catch (const std::exception&) {
      return;  // the server has closed
    }
  });
}

TEST(Limits, ClosesOnSlowMessage) {
  auto options = test_options();
  options.application.timeouts.message_timeout = 200ms;
  options.application.timeouts.handshake_timeout = 500ms;  // because no close frame comes
  RunningServer server(options);
  RawWebSocketClient bystander(server.port());
  EXPECT_EQ(bystander.read_event(), chat_line::joined);
  RawWebSocketClient slow(server.port());
  EXPECT_EQ(bystander.read_event(), chat_line::joined);
  EXPECT_EQ(slow.read_event(), chat_line::joined);
  const std::string frame = masked_frame(0x81, std::string(60'000, 'x'));
  {
    const std::jthread dripping = drip(slow, frame);
    const Frame end = slow.read();
    EXPECT_EQ(end.close_code(), websocket_close::policy_violation);
    EXPECT_EQ(end.close_reason(), "a message took too long");
    EXPECT_EQ(bystander.read_event(), chat_line::left);
  }
  EXPECT_EQ(server.count(Counter::websocket_errors), 1);
  bystander.send_text("undisturbed");
  EXPECT_EQ(bystander.read_event(), chat_line::said("undisturbed"));
}

TEST(Limits, AppliesToHeadersAndUrls) {
  auto options = test_options();
  options.application.limits.max_header_size = 1000;
  options.application.limits.max_url_size = 100;
  RunningServer server(options);
  EXPECT_EQ(get(server.port(), "/health").status, 200);
  EXPECT_EQ(get(server.port(), "/" + std::string(100, 'x')).status, 414);
  EXPECT_EQ(get(server.port(), "/health", "X-Long: " + std::string(1000, 'x') + "\r\n").status, 431);
}

}  // namespace
}  // namespace coroom::test
