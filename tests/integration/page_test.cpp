// Endpoints of the page beside the chat.

#include "support/centrifuge_client.hpp"
#include "support/http_client.hpp"
#include "support/running_server.hpp"
#include "support/signing_key.hpp"
#include "support/temporary.hpp"
#include "support/websocket_client.hpp"
#include "testkit/centrifuge_commands.hpp"
#include "testkit/request_builder.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace coroom::test {
namespace {

using namespace testkit;

RawResponse rooms(const RunningServer& server, std::string_view fields = "") {
  return get(server.port(), "/rooms", fields);
}

/// Returns the token of a new guest with this name.
std::string guest(const RunningServer& server, const std::string& name) {
  const std::string body = R"({"name":")" + name + "\"}";
  const auto answer = ask(
      server.port(),
      RequestBuilder("POST", "/guest", server.port()).field("Content-Type", "application/json").body(body));
  return std::string(boost::json::parse(answer.body).at("token").as_string());
}

/// Returns a member of the room, anonymous if the token is empty.
std::unique_ptr<CentrifugeClient> client_in(const RunningServer& server, const std::string& room,
                                            const std::string& token = "") {
  auto client = std::make_unique<CentrifugeClient>(server.port());
  client->call("connect", token.empty() ? "{}" : token_request(token));
  client->subscribe(room);
  return client;
}

/// The response of /rooms for these rooms.
std::string listed(const std::string& rooms) {
  return R"({"rooms":[)" + rooms + R"(],"public":true})";
}

TEST(Page, ListsFullestRoomsFirst) {
  const RunningServer server;
  EXPECT_EQ(rooms(server).body, listed(""));
  std::vector<std::unique_ptr<CentrifugeClient>> clients;
  const std::string ann = guest(server, "Ann");
  for (const char* room : {"two", "three", "three", "another two"})
    clients.push_back(client_in(server, room));
  for (const char* room : {"two", "three", "another two"}) clients.push_back(client_in(server, room, ann));
  const std::string expected =
      listed(R"({"name":"three","people":3},{"name":"another two","people":2},{"name":"two","people":2})");
  EXPECT_TRUE(eventually([&] { return rooms(server).body == expected; })) << rooms(server).body;
  const auto answer = rooms(server);
  EXPECT_EQ(answer.field("Content-Type"), "application/json");
  EXPECT_EQ(answer.field("Cache-Control"), "no-store");
  clients.erase(clients.begin());
  clients.back()->socket().leave();
  clients.pop_back();
  EXPECT_TRUE(eventually([&] { return rooms(server).body == listed(R"({"name":"three","people":3})"); }));
}

TEST(Page, ListsNoRoomWithOneUser) {
  const std::string secret = "a secret of thirty-two bytes or so";
  auto options = test_options();
  options.tokens.keys.push_back(detail::auth::hmac_key("", secret).value());
  const RunningServer server(options);
  const std::string ann = guest(server, "Ann");
  const auto tab = client_in(server, "of one guest", ann);
  const auto other_tab = client_in(server, "of one guest", ann);
  const auto one = client_in(server, "of one address");
  RawWebSocketClient plain(server.port(), "/chat?room=of%20one%20address");
  plain.read_text();
  const auto quota =
      client_in(server, "of an account", SigningKey::secret(secret).token("HS256", R"({"sub":"7"})"));
  const std::string expected = listed(R"({"name":"of an account","people":1})");
  EXPECT_TRUE(eventually([&] { return rooms(server).body == expected; })) << rooms(server).body;
}

TEST(Page, ListsFewRoomsOfOneGuest) {
  const RunningServer server;
  const std::string ann = guest(server, "Ann");
  const std::string bob = guest(server, "Bob");
  std::vector<std::unique_ptr<CentrifugeClient>> clients;
  for (int number = 0; number != 15; ++number) {
    const std::string room = "buy " + std::to_string(number);
    clients.push_back(client_in(server, room, ann));
    clients.push_back(client_in(server, room, bob));
  }
  const auto count = [&] {
    const std::string all = rooms(server).body;
    std::size_t found = 0;
    for (std::size_t at = all.find("buy"); at != std::string::npos; at = all.find("buy", at + 1)) ++found;
    return found;
  };
  EXPECT_TRUE(eventually([&] { return count() == 10; })) << count();
}

TEST(Page, ListsAtMost100Rooms) {
  const std::string secret = "a secret of thirty-two bytes or so";
  auto options = test_options();
  options.centrifuge.max_subscriptions = 200;
  options.tokens.keys.push_back(detail::auth::hmac_key("", secret).value());
  const RunningServer server(options);
  const auto client =
      client_in(server, "room 0", SigningKey::secret(secret).token("HS256", R"({"sub":"7"})"));
  for (int number = 1; number != 120; ++number) client->subscribe("room " + std::to_string(number));
  const auto last = client_in(server, "room 77");
  const std::string first = R"({"rooms":[{"name":"room 77","people":2},)";
  EXPECT_TRUE(eventually([&] { return rooms(server).body.starts_with(first); }));
  const std::string all = rooms(server).body;
  std::size_t count = 0;
  for (std::size_t at = all.find("name"); at != std::string::npos; at = all.find("name", at + 1)) ++count;
  EXPECT_EQ(count, 100);
}

TEST(Page, ListsOnlyDefaultNamespace) {
  auto options = test_options();
  ASSERT_TRUE(options.namespaces.set("secret.presence", "true"));
  ASSERT_TRUE(options.namespaces.set("unknown_namespace", "default"));
  const RunningServer server(options);
  std::vector<std::unique_ptr<CentrifugeClient>> clients;
  for (const char* room : {"secret:plans", "typing:lobby", "unknown:1"}) {
    clients.push_back(client_in(server, room));
    clients.push_back(client_in(server, room, guest(server, "Ann")));
  }
  EXPECT_TRUE(eventually([&] { return rooms(server).body == listed(R"({"name":"unknown:1","people":2})"); }))
      << rooms(server).body;
}

TEST(Page, ListsNothingIfPresenceIsPrivate) {
  const std::string secret = "a secret of thirty-two bytes or so";
  const std::string ticket = SigningKey::secret(secret).token("HS256", R"({"channel":"tea"})");
  for (const char* rule : {"presence", "allow_subscribe_for_client", "allow_presence_for_subscriber",
                           "allow_presence_for_anonymous"}) {
    auto options = test_options();
    ASSERT_TRUE(options.namespaces.set(rule, "false"));
    ASSERT_TRUE(options.namespaces.set("allow_publish_for_client", "true"));
    options.tokens.keys.push_back(detail::auth::hmac_key("", secret).value());
    const RunningServer server(options);
    CentrifugeClient client(server.port());
    client.connect();
    const auto reply = client.subscribe("tea", R"("token":")" + ticket + '"');
    ASSERT_FALSE(reply.contains("error")) << rule;
    EXPECT_EQ(server.rooms(), 1) << rule;
    EXPECT_EQ(rooms(server).body, R"({"rooms":[],"public":false})") << rule;
  }
  auto options = test_options();
  options.anonymous = false;
  EXPECT_EQ(rooms(RunningServer(options)).body, R"({"rooms":[],"public":false})");
}

TEST(Page, ListsRoomsForAllowedOrigins) {
  auto options = test_options();
  options.allowed_origins = detail::auth::OriginPolicy::make({"https://friend.example"}).value();
  const RunningServer server(options);
  const auto refused = rooms(server, "Origin: https://elsewhere.example\r\n");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.body, R"({"error":"Pages of this origin may not use this URL."})");
  EXPECT_FALSE(refused.field("Access-Control-Allow-Origin"));
  EXPECT_EQ(server.count(Counter::origins_refused), 1);
  const auto friendly = rooms(server, "Origin: https://friend.example\r\n");
  EXPECT_EQ(friendly.status, 200);
  EXPECT_EQ(friendly.field("Access-Control-Allow-Origin"), "https://friend.example");
  const std::string self = "http://localhost:" + std::to_string(server.port());
  EXPECT_EQ(rooms(server, "Origin: " + self + "\r\n").status, 200);
}

TEST(Page, RestrictsFrameAncestors) {
  auto options = test_options();
  const std::string policy = "Content-Security-Policy";
  const auto embedded = get(RunningServer(options).port(), "/");
  EXPECT_NE(embedded.field(policy).value_or("").find("default-src 'none'"), std::string::npos);
  EXPECT_TRUE(embedded.field(policy).value_or("").ends_with("; frame-ancestors 'self'"));
  const TemporaryFolder folder;
  folder.write("index.html", "<!DOCTYPE html>");
  options.assets = folder.path();
  options.allowed_origins = detail::auth::OriginPolicy::make({"https://friend.example"}).value();
  const auto own = get(RunningServer(options).port(), "/");
  EXPECT_EQ(own.field(policy), "frame-ancestors 'self' https://friend.example:443")
      << "the other fields are set by the other page";
}

}  // namespace
}  // namespace coroom::test
