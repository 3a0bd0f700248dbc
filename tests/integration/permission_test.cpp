#include "support/centrifuge_client.hpp"
#include "support/http_client.hpp"
#include "support/running_server.hpp"
#include "support/websocket_client.hpp"
#include "testkit/centrifuge_commands.hpp"
#include "testkit/chat_lines.hpp"
#include "testkit/codes.hpp"

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>

namespace coroom::test {
namespace {

using namespace testkit;
namespace json = boost::json;

/// Returns a config with rules as in the config file: "tea.presence" is `presence` in [rooms.tea].
server::ServerConfig options_with(const std::map<std::string, std::string>& rules) {
  auto options = test_options();
  for (const auto& [key, value] : rules) {
    if (auto set = options.namespaces.set(key, value); !set) throw std::runtime_error(set.error().message);
  }
  return options;
}

class RoomPermissions : public testing::Test {
 protected:
  RoomPermissions() { client_.connect(); }

  int ask(std::string_view method, const std::string& channel, const std::string& more = "") {
    return error_of(client_.call(method, channel_request(channel, more)));
  }
  int publish(const std::string& channel) { return ask("publish", channel, R"("data":1)"); }

  RunningServer server_{options_with({
      {"members.allow_subscribe_for_client", "false"},
      {"users.allow_subscribe_for_anonymous", "false"},
      {"read-only.allow_publish_for_subscriber", "false"},
      {"users-speak.allow_publish_for_anonymous", "false"},
      {"drop-box.allow_publish_for_client", "true"},
      {"drop-box.allow_subscribe_for_client", "false"},
      {"secret.allow_presence_for_subscriber", "false"},
      {"secret.allow_history_for_subscriber", "false"},
      {"open.allow_presence_for_client", "true"},
      {"open.allow_history_for_client", "true"},
      {"bare.presence", "false"},
      {"bare.history_size", "0"},
      {"brief.history_ttl", "0"},
  })};
  CentrifugeClient client_{server_.port()};
};

TEST_F(RoomPermissions, AppliesToSubscribe) {
  EXPECT_EQ(ask("subscribe", "members:1"), centrifuge_error::permission_denied);
  EXPECT_EQ(ask("subscribe", "users:1"), centrifuge_error::permission_denied);
  EXPECT_EQ(ask("subscribe", "members"), 0) << "in no namespace";
  EXPECT_EQ(ask("subscribe", ":1"), 0) << "the same";
  EXPECT_EQ(publish("members:1"), centrifuge_error::permission_denied)
      << "a rejected subscribe grants nothing";
  EXPECT_EQ(ask("presence", "members:1"), centrifuge_error::permission_denied);
  EXPECT_EQ(server_.rooms(), 2);
}

TEST_F(RoomPermissions, AppliesToSubscribeOfPlainClients) {
  for (const char* room : {"members:1", "users:1"}) {
    TcpClient plain(server_.port());
    plain.send(upgrade_request(server_.port(), "/chat?room=" + std::string(room)));
    EXPECT_EQ(read_response(plain).status, 403) << room;
  }
  RawWebSocketClient welcome(server_.port(), "/chat?room=members");
  EXPECT_EQ(welcome.read_event(), chat_line::joined);
}

TEST_F(RoomPermissions, AppliesToPublish) {
  EXPECT_EQ(publish("tea"), centrifuge_error::permission_denied) << "not subscribed";
  EXPECT_EQ(ask("subscribe", "tea"), 0);
  EXPECT_EQ(publish("tea"), 0);
  for (const char* room : {"read-only:1", "users-speak:1"}) {
    EXPECT_EQ(ask("subscribe", room), 0);
    EXPECT_EQ(publish(room), centrifuge_error::permission_denied) << room;
    EXPECT_EQ(ask("history", room), 0);
  }
  EXPECT_EQ(ask("subscribe", "drop-box:1"), centrifuge_error::permission_denied);
  EXPECT_EQ(publish("drop-box:1"), 0);
}

TEST_F(RoomPermissions, AppliesToPublishOfPlainClients) {
  RawWebSocketClient plain(server_.port(), "/chat?room=read-only:1");
  EXPECT_EQ(plain.read_event(), chat_line::joined);
  ask("subscribe", "read-only:1");
  plain.send_text("hello");
  EXPECT_EQ(plain.read_close().close_code(), centrifuge_close::permission_denied);
  const json::object history = client_.history("read-only:1", R"("limit":-1)");
  EXPECT_EQ(history.at("offset"), 0);
}

TEST_F(RoomPermissions, AppliesToPresenceAndHistory) {
  for (const char* method : {"presence", "presence_stats", "history"}) {
    EXPECT_EQ(ask(method, "tea"), centrifuge_error::permission_denied) << method << ": not subscribed";
    EXPECT_EQ(ask(method, "open:1"), 0) << method;
  }
  EXPECT_EQ(ask("subscribe", "secret:1"), 0);
  EXPECT_EQ(ask("subscribe", "tea"), 0);
  for (const char* method : {"presence", "presence_stats", "history"}) {
    EXPECT_EQ(ask(method, "secret:1"), centrifuge_error::permission_denied) << method;
    EXPECT_EQ(ask(method, "tea"), 0) << method;
  }
}

TEST_F(RoomPermissions, DoesNotEnableMissingFeatures) {
  EXPECT_EQ(ask("subscribe", "bare:1"), 0);
  EXPECT_EQ(ask("subscribe", "brief:1"), 0);
  for (const char* method : {"presence", "presence_stats", "history"})
    EXPECT_EQ(ask(method, "bare:1"), centrifuge_error::not_available) << method;
  EXPECT_EQ(ask("history", "brief:1"), centrifuge_error::not_available) << "a lifetime of 0 keeps nothing";
  EXPECT_EQ(publish("bare:1"), 0);
}

TEST_F(RoomPermissions, OmitsPositionWithoutHistory) {
  const json::object bare = client_.subscribe("bare:1", R"("recoverable":true)");
  EXPECT_FALSE(bare.contains("recoverable"));
  EXPECT_FALSE(bare.contains("positioned"));
  EXPECT_FALSE(bare.contains("epoch"));
  client_.publish("bare:1", "1");
  json::object push = client_.read_push();
  while (push.at("type") != "pub") push = client_.read_push();
  EXPECT_FALSE(push.contains("offset"));
}

}  // namespace
}  // namespace coroom::test
