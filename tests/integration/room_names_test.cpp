// Rooms that a client may enter or not because of their names: unknown namespaces, expressions and marks.

#include "support/centrifuge_client.hpp"
#include "support/http_client.hpp"
#include "support/running_server.hpp"
#include "support/signing_key.hpp"
#include "support/websocket_client.hpp"
#include "testkit/centrifuge_commands.hpp"
#include "testkit/chat_lines.hpp"
#include "testkit/codes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace coroom::test {
namespace {

using namespace testkit;
using testing::HasSubstr;
using testing::Not;

const std::string secret = "a secret of thirty-two bytes or so";

std::string token(std::string_view claims) {
  return SigningKey::secret(secret).token("HS256", claims);
}

server::ServerConfig options_with(const std::vector<std::pair<std::string, std::string>>& rules) {
  auto options = test_options();
  options.tokens.keys.push_back(detail::auth::hmac_key("", secret).value());
  for (const auto& [key, value] : rules) {
    if (auto set = options.namespaces.set(key, value); !set) throw std::runtime_error(set.error().message);
  }
  return options;
}

class RoomNames : public testing::Test {
 protected:
  RoomNames() { client_.connect(token(R"({"sub":"42"})")); }

  int ask(std::string_view method, const std::string& room, const std::string& more = "") {
    return error_of(client_.call(method, channel_request(room, more)));
  }

  /// Returns the response of /chat, where a `#` of the name is escaped.
  [[nodiscard]] RawResponse chat(const std::string& room, const std::string& more = "") const {
    TcpClient plain(server_.port());
    plain.send(upgrade_request(server_.port(), "/chat?room=" + room + more));
    return read_response(plain);
  }

  RunningServer server_{options_with({
      {"news.channel_regex", "[a-z]+"},
      {"open.allow_publish_for_client", "true"},
      {"open.allow_presence_for_client", "true"},
      {"open.allow_history_for_client", "true"},
      {"open.allow_user_limited_channels", "true"},
      {"plain.ignore_channel_marks", "true"},
  })};
  CentrifugeClient client_{server_.port()};
};

TEST_F(RoomNames, RefuseUnknownNamespaces) {
  for (const char* room : {"unknown:1", "typing:unknown:1", "unknown:$1"}) {
    for (const char* method : {"subscribe", "presence", "presence_stats", "history"})
      EXPECT_EQ(ask(method, room), centrifuge_error::unknown_channel) << method << ' ' << room;
    EXPECT_EQ(ask("publish", room, R"("data":1)"), centrifuge_error::unknown_channel) << room;
  }
  const std::string ticket = token(R"({"sub":"42","channel":"unknown:1"})");
  EXPECT_EQ(ask("subscribe", "unknown:1", R"("token":")" + ticket + '"'), centrifuge_error::unknown_channel);
  for (const char* room : {"lobby", "news:today", "typing:news:today"})
    EXPECT_EQ(ask("subscribe", room), 0) << room;
  EXPECT_EQ(server_.rooms(), 3);
}

TEST_F(RoomNames, RefuseUnknownNamespacesOfPlainClients) {
  for (const char* room : {"unknown:1", "typing:unknown:1"}) {
    const RawResponse response = chat(room);
    EXPECT_EQ(response.status, 404) << room;
    EXPECT_THAT(response.body, HasSubstr("no namespace of that name"));
  }
}

TEST(OpenRoomNames, KeepUnknownNamespacesByDefault) {
  const RunningServer server;
  CentrifugeClient client(server.port());
  client.connect();
  EXPECT_EQ(error_of(client.subscribe("unknown:1")), 0);
  RawWebSocketClient plain(server.port(), "/chat?room=unknown:1");
  EXPECT_EQ(plain.read_event(), chat_line::joined);
}

TEST_F(RoomNames, MatchTheExpressionOfTheNamespace) {
  const auto reply = client_.subscribe("news:1");
  EXPECT_EQ(error_of(reply), centrifuge_error::bad_request);
  EXPECT_THAT(std::string(reply.at("error").at("message").as_string()), HasSubstr("'news'"));
  const RawResponse response = chat("news:1");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("news"));
  EXPECT_EQ(ask("subscribe", "open:1"), 0);
}

TEST_F(RoomNames, CloseMarkedRooms) {
  for (const char* room : {"$gossip", "#42", "tea#42", "open:$gossip", "typing:$gossip", "open:tea#43"}) {
    for (const char* method : {"subscribe", "presence", "presence_stats", "history"})
      EXPECT_EQ(ask(method, room), centrifuge_error::permission_denied) << method << ' ' << room;
    EXPECT_EQ(ask("publish", room, R"("data":1)"), centrifuge_error::permission_denied) << room;
  }
  EXPECT_EQ(server_.rooms(), 0);
  for (const char* room : {"plain:$gossip", "plain:tea#43"}) EXPECT_EQ(ask("subscribe", room), 0) << room;
}

TEST_F(RoomNames, AdmitListedUsers) {
  EXPECT_EQ(ask("publish", "open:tea#41,42", R"("data":1)"), 0);
  EXPECT_EQ(ask("history", "open:tea#41,42"), 0);
  for (const char* room : {"open:tea#41,42", "typing:open:tea#41,42", "open:#42"})
    EXPECT_EQ(ask("subscribe", room), 0) << room;
  CentrifugeClient anonymous(server_.port());
  anonymous.connect();
  EXPECT_EQ(error_of(anonymous.subscribe("open:tea#41,42")), centrifuge_error::permission_denied);
  EXPECT_EQ(error_of(anonymous.history("open:tea#41,42")), centrifuge_error::permission_denied);
}

TEST_F(RoomNames, OpenMarkedRoomsByAToken) {
  for (const std::string room : {"$gossip", "tea#43"}) {
    const std::string ticket = token(R"({"sub":"42","channel":")" + room + "\"}");
    EXPECT_EQ(ask("subscribe", room, R"("token":")" + ticket + '"'), 0) << room;
    EXPECT_EQ(ask("publish", room, R"("data":1)"), 0) << room;
    EXPECT_EQ(ask("history", room), 0) << room;
  }
}

TEST_F(RoomNames, CloseMarkedRoomsToPlainClients) {
  const std::string as_user = "&token=" + token(R"({"sub":"42"})");
  for (const char* room : {"$gossip", "tea%2342", "open:tea%2343", "open:$tea%2342"}) {
    const RawResponse response = chat(room, as_user);
    EXPECT_EQ(response.status, 403) << room;
    EXPECT_THAT(response.body, HasSubstr("You may not join this room."));
  }
  EXPECT_EQ(chat("open:tea%2342").status, 403) << "no user";
  RawWebSocketClient listed(server_.port(), "/chat?room=open:tea%2341,42" + as_user);
  EXPECT_EQ(listed.read_event(), chat_line::joined);
  RawWebSocketClient ignored(server_.port(), "/chat?room=plain:$gossip");
  EXPECT_EQ(ignored.read_event(), chat_line::joined);
}

TEST_F(RoomNames, StayOffTheListIfMarked) {
  const std::string ticket = token(R"({"sub":"42","channel":"$gossip"})");
  EXPECT_EQ(ask("subscribe", "$gossip", R"("token":")" + ticket + '"'), 0);
  EXPECT_EQ(ask("subscribe", "lobby"), 0);
  const auto list = [&] { return get(server_.port(), "/rooms").body; };
  EXPECT_TRUE(eventually([&] { return list().find("lobby") != std::string::npos; }));
  EXPECT_THAT(list(), Not(HasSubstr("gossip")));
}

}  // namespace
}  // namespace coroom::test
