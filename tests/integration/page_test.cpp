// What the page asks of the server beside the chat.

#include "support/centrifuge_client.hpp"
#include "support/http_client.hpp"
#include "support/running_server.hpp"
#include "support/signing_key.hpp"
#include "support/websocket_client.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace coroom::test {
namespace {

HttpAnswer rooms(const RunningServer& server, std::string_view fields = "") {
  return get(server.port(), "/rooms", fields);
}

std::unique_ptr<CentrifugeClient> client_in(const RunningServer& server, const std::string& room) {
  auto client = std::make_unique<CentrifugeClient>(server.port());
  client->connect();
  client->call("subscribe", R"({"channel":")" + room + "\"}");
  return client;
}

TEST(RoomList, HasTheFullestRoomsFirst) {
  const RunningServer server;
  EXPECT_EQ(rooms(server).body, R"({"rooms":[]})");
  std::vector<std::unique_ptr<CentrifugeClient>> clients;
  for (const char* room : {"one", "three", "three", "another one"})
    clients.push_back(client_in(server, room));
  WebSocketClient plain(server.port(), "/chat?room=three");
  plain.read_text();
  const std::string expected =
      R"({"rooms":[{"name":"three","people":3},{"name":"another one","people":1},{"name":"one","people":1}]})";
  EXPECT_TRUE(eventually([&] { return rooms(server).body == expected; })) << rooms(server).body;
  const auto answer = rooms(server);
  EXPECT_EQ(answer.field("Content-Type"), "application/json");
  EXPECT_EQ(answer.field("Cache-Control"), "no-store");
  clients.erase(clients.begin());
  clients.back()->socket().leave();
  clients.pop_back();
  EXPECT_TRUE(eventually([&] { return rooms(server).body == R"({"rooms":[{"name":"three","people":3}]})"; }));
}

TEST(RoomList, HasNoMoreThanAHundred) {
  auto options = test_options();
  options.max_subscriptions = 200;
  const RunningServer server(options);
  CentrifugeClient client(server.port());
  client.connect();
  for (int number = 0; number != 120; ++number)
    client.call("subscribe", R"({"channel":"room )" + std::to_string(number) + "\"}");
  const auto last = client_in(server, "room 77");
  const std::string first = R"({"rooms":[{"name":"room 77","people":2},)";
  EXPECT_TRUE(eventually([&] { return rooms(server).body.starts_with(first); }));
  const std::string all = rooms(server).body;
  std::size_t count = 0;
  for (std::size_t at = all.find("name"); at != std::string::npos; at = all.find("name", at + 1)) ++count;
  EXPECT_EQ(count, 100);
}

TEST(RoomList, HasThoseOfTheDefaultNamespaceAlone) {
  auto options = test_options();
  ASSERT_TRUE(options.namespaces.set("secret.presence", "true"));
  const RunningServer server(options);
  const auto hidden = client_in(server, "secret:plans");
  const auto typing = client_in(server, "typing:lobby");
  const auto shown = client_in(server, "unknown:1");
  EXPECT_TRUE(eventually([&] {
    return rooms(server).body == R"({"rooms":[{"name":"unknown:1","people":1}]})";
  })) << rooms(server).body;
}

TEST(RoomList, IsEmptyWhereAStrangerMayNotSeeWhoIsThere) {
  const std::string secret = "a secret of thirty-two bytes or so";
  const std::string ticket = SigningKey::secret(secret).token("HS256", R"({"channel":"tea"})");
  for (const char* rule : {"presence", "allow_subscribe_for_client", "allow_presence_for_subscriber",
                           "allow_presence_for_anonymous"}) {
    auto options = test_options();
    ASSERT_TRUE(options.namespaces.set(rule, "false"));
    ASSERT_TRUE(options.namespaces.set("allow_publish_for_client", "true"));
    options.tokens.keys.push_back(auth::hmac_key("", secret).value());
    const RunningServer server(options);
    CentrifugeClient client(server.port());
    client.connect();
    const auto reply = client.call("subscribe", R"({"channel":"tea","token":")" + ticket + "\"}");
    ASSERT_FALSE(reply.contains("error")) << rule;
    EXPECT_EQ(server.rooms(), 1) << rule;
    EXPECT_EQ(rooms(server).body, R"({"rooms":[]})") << rule;
  }
  auto options = test_options();
  options.anonymous = false;
  EXPECT_EQ(rooms(RunningServer(options)).body, R"({"rooms":[]})");
}

TEST(RoomList, IsForPagesOfThisServerAndOfAllowedOrigins) {
  auto options = test_options();
  options.allowed_origins = auth::OriginPolicy::make({"https://friend.example"}).value();
  const RunningServer server(options);
  const auto refused = rooms(server, "Origin: https://elsewhere.example\r\n");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.body, R"({"error":"Pages of this origin may not ask this."})");
  EXPECT_FALSE(refused.field("Access-Control-Allow-Origin"));
  EXPECT_EQ(server.count(Count::origins_refused), 1);
  const auto friendly = rooms(server, "Origin: https://friend.example\r\n");
  EXPECT_EQ(friendly.status, 200);
  EXPECT_EQ(friendly.field("Access-Control-Allow-Origin"), "https://friend.example");
  const std::string self = "http://localhost:" + std::to_string(server.port());
  EXPECT_EQ(rooms(server, "Origin: " + self + "\r\n").status, 200);
}

}  // namespace
}  // namespace coroom::test
