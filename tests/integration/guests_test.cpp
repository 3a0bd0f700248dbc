#include "support/broker_caller.hpp"
#include "support/centrifuge_client.hpp"
#include "support/http_client.hpp"
#include "support/running_server.hpp"
#include "support/signing_key.hpp"
#include "support/temporary.hpp"
#include "support/websocket_client.hpp"
#include "testkit/centrifuge_commands.hpp"
#include "testkit/chat_lines.hpp"
#include "testkit/codes.hpp"
#include "testkit/request_builder.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace coroom::test {
namespace {
using namespace std::chrono_literals;
using namespace testkit;

namespace json = boost::json;

RawResponse post(const RunningServer& server, std::string_view body, std::string_view fields = "") {
  return ask(server.port(), RequestBuilder("POST", "/guest", server.port())
                                .field("Content-Type", "application/json")
                                .fields(fields)
                                .body(body));
}

struct GuestAccount {
  std::string token;
  std::string user;
};

GuestAccount guest_called(const RunningServer& server, const std::string& name,
                          const std::string& earlier = "") {
  json::object request{{"name", name}};
  if (!earlier.empty()) request["token"] = earlier;
  const auto answer = post(server, json::serialize(request));
  EXPECT_EQ(answer.status, 200) << answer.body;
  const json::object reply = json::parse(answer.body).as_object();
  EXPECT_EQ(reply.at("name"), json::string(name));
  return {std::string(reply.at("token").as_string()), std::string(reply.at("user").as_string())};
}

int close_after_connect(const RunningServer& server, const std::string& token) {
  CentrifugeClient client(server.port());
  client.send("connect", token_request(token));
  return client.socket().read_close().close_code();
}

TEST(Guests, HasNameInClientInfo) {
  const RunningServer server;
  const GuestAccount ann = guest_called(server, "Ann");
  CentrifugeClient client(server.port());
  const json::object self = client.connect(ann.token);
  EXPECT_EQ(self.at("ttl"), 86'400);
  client.subscribe("tea", R"("join_leave":true)");
  client.publish("tea", "1");
  const json::object expected{
      {"user", ann.user}, {"client", self.at("client")}, {"conn_info", {{"name", "Ann"}}}};
  EXPECT_EQ(client.read_push().at("info"), json::value(expected)) << "join";
  EXPECT_EQ(client.read_push().at("info"), json::value(expected)) << "publication";
}

TEST(Guests, GetsUncacheableJson) {
  const RunningServer server;
  const auto answer = post(server, R"({"name":"  Ann "})");
  EXPECT_EQ(answer.field("Content-Type"), "application/json");
  EXPECT_EQ(answer.field("Cache-Control"), "no-store");
  EXPECT_EQ(json::parse(answer.body).at("name"), "Ann") << "trimmed";
  EXPECT_EQ(get(server.port(), "/guest").status, 405);
}

TEST(Guests, KeepsUserIdWithEarlierToken) {
  RunningServer server;
  const GuestAccount ann = guest_called(server, "Ann");
  EXPECT_NE(guest_called(server, "Ann").user, ann.user) << "a name is not unique";
  const GuestAccount anna = guest_called(server, "Anna", ann.token);
  EXPECT_EQ(anna.user, ann.user);
  server.clock().advance(48h);
  CentrifugeClient late(server.port());
  EXPECT_EQ(error_of(late.connect(anna.token)), centrifuge_error::token_expired);
  const GuestAccount again = guest_called(server, "Anna", anna.token);
  EXPECT_EQ(again.user, ann.user);
  EXPECT_EQ(error_of(late.connect(again.token)), 0);
  const json::object refreshed = late.call("refresh", token_request(again.token));
  EXPECT_EQ(refreshed.at("ttl"), 86'400);
}

TEST(Guests, GetsNewUserIdWithForeignToken) {
  const std::string secret = "a secret of thirty-two bytes or so";
  auto options = test_options();
  options.tokens.keys.push_back(detail::auth::hmac_key("", secret).value());
  const RunningServer server(options);
  const RunningServer other;
  const SigningKey key = SigningKey::secret(secret);
  for (const std::string& token :
       {key.token("HS256", R"({"sub":"42"})"), key.token("HS256", R"({"sub":"guest:42"})"),
        key.token("HS256", R"({"sub":"guest:42"})", "guest"), guest_called(other, "Ann").token,
        std::string("no token")}) {
    const GuestAccount guest = guest_called(server, "Ann", token);
    EXPECT_EQ(guest.user.size(), std::string("guest:").size() + 36);
    EXPECT_NE(guest.user, "guest:42");
  }
  CentrifugeClient user(server.port());
  EXPECT_EQ(error_of(user.connect(key.token("HS256", R"({"sub":"42"})"))), 0)
      << "users with a token connect as before";
  EXPECT_EQ(close_after_connect(server, guest_called(other, "Ann").token), centrifuge_close::invalid_token);
}

TEST(Guests, GetsNewUserIdAfterRevocation) {
  RunningServer server;
  const GuestAccount ann = guest_called(server, "Ann");
  BrokerCaller caller;
  ASSERT_TRUE(
      caller.wait(server.moderation().impose(Restriction::revoke_user(ann.user, server.clock().now() + 1s))));
  EXPECT_NE(guest_called(server, "Ann", ann.token).user, ann.user);
  EXPECT_EQ(close_after_connect(server, ann.token), centrifuge_close::invalid_token);
}

TEST(Guests, GetsErrorOnInvalidRequest) {
  const RunningServer server;
  for (const char* body : {"", "{", "[]", "{}", R"("Ann")", R"({"name":5})", R"({"name":null})",
                           R"({"name":"Ann","token":5})", R"({"name":""})", R"({"name":"\u202eAnn"})",
                           R"({"name":"A\u0000nn"})", R"({"name":"\u200b"})", "{\"name\":\"\xff\"}"}) {
    const auto answer = post(server, body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_TRUE(json::parse(answer.body).at("error").is_string()) << body;
  }
  EXPECT_EQ(post(server, R"({"name":"Ann","token":null})").status, 200);
}

TEST(Guests, IsRejectedWithoutAnonymousAccess) {
  const std::string secret = "a secret of thirty-two bytes or so";
  auto options = test_options();
  options.anonymous = false;
  options.tokens.keys.push_back(detail::auth::hmac_key("", secret).value());
  const RunningServer server(options);
  const auto answer = post(server, R"({"name":"Ann"})");
  EXPECT_EQ(answer.status, 403);
  EXPECT_TRUE(json::parse(answer.body).at("error").is_string());
  EXPECT_EQ(close_after_connect(server, guest_called(RunningServer(), "Ann").token),
            centrifuge_close::invalid_token);
}

TEST(Guests, RequiresAllowedOrigin) {
  auto options = test_options();
  options.allowed_origins = detail::auth::OriginPolicy::make({"https://friend.example"}).value();
  const RunningServer server(options);
  const std::string name = R"({"name":"Ann"})";
  const auto refused = post(server, name, "Origin: https://elsewhere.example\r\n");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.body.find("token"), std::string::npos);
  EXPECT_EQ(post(server, name, "Origin: null\r\n").status, 403);
  EXPECT_EQ(post(server, name, "Origin: http://localhost:" + std::to_string(server.port()) + "\r\n").status,
            200);
  const auto friendly = post(server, name, "Origin: https://friend.example\r\n");
  EXPECT_EQ(friendly.status, 200);
  EXPECT_EQ(friendly.field("Access-Control-Allow-Origin"), "https://friend.example");
  const auto asked =
      ask(server.port(), RequestBuilder("OPTIONS", "/guest").field("Origin", "https://friend.example"));
  EXPECT_EQ(asked.status, 204);
  EXPECT_EQ(asked.field("Access-Control-Allow-Headers"), "Accept, Content-Type");
}

TEST(Guests, HasRightsOfAnonymousClients) {
  auto options = test_options();
  ASSERT_TRUE(options.namespaces.set("users.allow_subscribe_for_anonymous", "false"));
  ASSERT_TRUE(options.namespaces.set("users-speak.allow_publish_for_anonymous", "false"));
  const RunningServer server(options);
  const GuestAccount ann = guest_called(server, "Ann");
  CentrifugeClient client(server.port());
  client.connect(ann.token);
  EXPECT_EQ(error_of(client.subscribe("users:1")), centrifuge_error::permission_denied);
  EXPECT_EQ(error_of(client.subscribe("users-speak:1")), 0);
  EXPECT_EQ(error_of(client.publish("users-speak:1", "1")), centrifuge_error::permission_denied);
  // The reply to subscribe reports this before a publish fails.
  client.unsubscribe("users-speak:1");
  EXPECT_EQ(json::serialize(client.subscribe("users-speak:1").at("data")), R"({"publish":false})");
  EXPECT_FALSE(client.subscribe("tea").contains("data"));
  TcpClient plain(server.port());
  plain.send(upgrade_request(server.port(), "/chat?room=users:1&token=" + ann.token));
  EXPECT_EQ(read_response(plain).status, 403);
}

TEST(Guests, MayConnectWithoutName) {
  const RunningServer server;
  CentrifugeClient client(server.port());
  const json::object self = client.connect();
  EXPECT_FALSE(self.contains("expires"));
  EXPECT_EQ(error_of(client.subscribe("tea")), 0);
  EXPECT_EQ(error_of(client.publish("tea", R"("hello")")), 0);
}

TEST(Guests, MayUsePlainChat) {
  const RunningServer server;
  RawWebSocketClient plain(server.port(), "/chat?token=" + guest_called(server, "Ann").token);
  EXPECT_EQ(plain.read_event(), chat_line::joined);
}

TEST(Guests, KeepsUserIdAfterRestartWithData) {
  const TemporaryFolder folder;
  auto options = test_options();
  options.data = folder.path() / "data";
  GuestAccount ann;
  {
    const RunningServer server(options);
    ann = guest_called(server, "Ann");
  }
  {
    const RunningServer server(options);
    EXPECT_EQ(guest_called(server, "Ann", ann.token).user, ann.user);
    CentrifugeClient client(server.port());
    EXPECT_EQ(error_of(client.connect(ann.token)), 0);
  }
  EXPECT_EQ(std::filesystem::status(*options.data / "guest.key").permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST(Guests, LosesUserIdAfterRestartInMemory) {
  GuestAccount ann;
  {
    const RunningServer server;
    ann = guest_called(server, "Ann");
  }
  const RunningServer server;
  EXPECT_EQ(close_after_connect(server, ann.token), centrifuge_close::invalid_token);
  EXPECT_NE(guest_called(server, "Ann", ann.token).user, ann.user);
}

TEST(Guests, RequiresKeyOfFullLength) {
  const TemporaryFolder folder;
  folder.write("data/guest.key", "short\n");
  auto options = test_options();
  options.data = folder.path() / "data";
  SettableClock clock;
  const auto server = server::open_server(options, clock);
  ASSERT_FALSE(server);
  EXPECT_NE(server.error().message.find("guest.key"), std::string::npos);
}

/// Two guests, Ann and Bob, in a room.
class GuestMessages : public testing::Test {
 protected:
  explicit GuestMessages(const server::ServerConfig& options = test_options()) : server_(options) {
    for (CentrifugeClient* client : {&ann_, &bob_}) {
      client->connect(guest_called(server_, client == &ann_ ? "Ann" : "Bob").token);
      client->subscribe("tea");
    }
  }

  static int publish(CentrifugeClient& client, const std::string& data, const std::string& room = "tea") {
    return error_of(client.publish(room, data));
  }

  RunningServer server_;
  CentrifugeClient ann_{server_.port()};
  CentrifugeClient bob_{server_.port()};
};

TEST_F(GuestMessages, MayBeEditedAndDeletedByAuthor) {
  EXPECT_EQ(publish(ann_, R"({"text":"hello","id":"1"})"), 0);
  EXPECT_EQ(publish(ann_, R"({"edit":1,"text":"hello!","id":"2"})"), 0);
  EXPECT_EQ(publish(ann_, R"({"edit":1,"text":"hello!!","id":"3"})"), 0);
  EXPECT_EQ(publish(ann_, R"({"delete":1})"), 0);
  const json::object history = bob_.history("tea", R"("limit":-1)");
  EXPECT_EQ(history.at("publications").as_array().size(), 4);
  EXPECT_EQ(json::serialize(history.at("publications").at(3).at("data")), R"({"delete":1})");
}

TEST_F(GuestMessages, LeavesHistoryOnDelete) {
  EXPECT_EQ(publish(ann_, R"({"text":"secret one","id":"1"})"), 0);
  EXPECT_EQ(publish(ann_, R"({"edit":1,"text":"secret two","id":"1"})"), 0);
  EXPECT_EQ(publish(ann_, R"({"delete":1})"), 0);
  EXPECT_EQ(publish(ann_, R"({"delete":1})"), 0) << "sent again after a lost reply";
  EXPECT_EQ(publish(ann_, R"({"edit":1,"text":"secret three"})"), centrifuge_error::permission_denied);
  const json::object history = bob_.history("tea", R"("limit":-1)");
  const json::array& all = history.at("publications").as_array();
  ASSERT_EQ(all.size(), 4) << "without gaps";
  EXPECT_EQ(json::serialize(all.at(0).at("data")), R"({"deleted":true,"id":"1"})");
  EXPECT_EQ(json::serialize(all.at(1).at("data")), R"({"edit":1})");
  EXPECT_EQ(all.at(0).at("info").at("conn_info").at("name"), "Ann");
}

TEST_F(GuestMessages, HasLastEditInHistory) {
  EXPECT_EQ(publish(ann_, R"({"text":"first","id":"1","reply":9})"), 0);
  EXPECT_EQ(publish(ann_, R"({"edit":1,"text":"second","id":"1"})"), 0);
  EXPECT_EQ(publish(ann_, R"({"edit":1,"text":"third","id":"1"})"), 0);
  const json::object history = bob_.history("tea", R"("limit":-1)");
  const json::array& all = history.at("publications").as_array();
  ASSERT_EQ(all.size(), 3);
  EXPECT_EQ(json::serialize(all.at(0).at("data")), R"({"text":"third","id":"1","reply":9})");
  EXPECT_EQ(json::serialize(all.at(1).at("data")), R"({"edit":1})");
  EXPECT_EQ(json::serialize(all.at(2).at("data")), R"({"edit":1,"text":"third","id":"1"})");
}

TEST_F(GuestMessages, IsRecoveredWithoutDeletedText) {
  const json::object top = ann_.history("tea", R"("limit":0)");
  EXPECT_EQ(publish(ann_, R"({"text":"secret","id":"1"})"), 0);
  EXPECT_EQ(publish(ann_, R"({"delete":1})"), 0);
  CentrifugeClient late(server_.port());
  late.connect(guest_called(server_, "Late").token);
  const json::object subscribed = late.subscribe(
      "tea", R"("recover":true,"offset":0,"epoch":")" + std::string(top.at("epoch").as_string()) + '"');
  EXPECT_EQ(subscribed.at("recovered"), true);
  EXPECT_EQ(subscribed.at("publications").as_array().size(), 2);
  EXPECT_EQ(json::serialize(subscribed).find("secret"), std::string::npos);
}

TEST_F(GuestMessages, IsRejectedInFormatOfHistory) {
  EXPECT_EQ(publish(ann_, R"({"deleted":true,"id":"1"})"), centrifuge_error::bad_request);
  EXPECT_EQ(publish(ann_, R"({"edit":1})"), centrifuge_error::bad_request);
}

TEST_F(GuestMessages, MayNotBeEditedByOtherUser) {
  EXPECT_EQ(publish(ann_, R"({"text":"hello","id":"1"})"), 0);
  EXPECT_EQ(publish(bob_, R"({"edit":1,"text":"hm"})"), centrifuge_error::permission_denied);
  EXPECT_EQ(publish(bob_, R"({"delete":1})"), centrifuge_error::permission_denied);
  EXPECT_EQ(publish(bob_, R"({"react":1,"emoji":"👍","on":true})"), 0);
  EXPECT_EQ(publish(bob_, R"({"text":"hi","id":"1","reply":1})"), 0);
  const json::object history = bob_.history("tea", R"("limit":0)");
  EXPECT_EQ(history.at("offset"), 3) << "rejected publications were not delivered";
}

TEST_F(GuestMessages, MayBeEditedInOtherTabOfUser) {
  const GuestAccount carl = guest_called(server_, "Carl");
  CentrifugeClient first(server_.port());
  CentrifugeClient second(server_.port());
  for (CentrifugeClient* tab : {&first, &second}) {
    tab->connect(carl.token);
    tab->subscribe("tea");
  }
  EXPECT_EQ(publish(first, R"({"text":"hello","id":"1"})"), 0);
  EXPECT_EQ(publish(second, R"({"edit":1,"text":"hello!"})"), 0);
}

TEST_F(GuestMessages, MustExistToBeEdited) {
  EXPECT_EQ(publish(ann_, R"("a text")"), 0);
  EXPECT_EQ(publish(ann_, R"({"text":"of another application"})"), 0);
  EXPECT_EQ(publish(ann_, R"({"text":"hello","id":"1"})"), 0);
  EXPECT_EQ(publish(ann_, R"({"edit":3,"text":"hello!"})"), 0);
  for (const char* offset : {"1", "2", "4", "5", "9007199254740991"})
    EXPECT_EQ(publish(ann_, R"({"edit":)" + std::string(offset) + R"(,"text":"x"})"),
              centrifuge_error::permission_denied)
        << offset;
}

TEST_F(GuestMessages, MayNotBeDeletedIfAnonymous) {
  CentrifugeClient anonymous_client(server_.port());
  anonymous_client.connect();
  anonymous_client.subscribe("tea");
  EXPECT_EQ(publish(anonymous_client, R"({"text":"hello","id":"1"})"), 0);
  EXPECT_EQ(publish(anonymous_client, R"({"delete":1})"), centrifuge_error::permission_denied);
  EXPECT_EQ(publish(ann_, R"({"delete":1})"), centrifuge_error::permission_denied);
}

TEST_F(GuestMessages, MayNotBeEditedIfPlain) {
  const GuestAccount carl = guest_called(server_, "Carl");
  RawWebSocketClient plain(server_.port(), "/chat?room=tea&token=" + carl.token);
  plain.read_text();
  plain.send_text(R"({"text":"hello","id":"1"})");
  plain.read_text();
  CentrifugeClient client(server_.port());
  client.connect(carl.token);
  client.subscribe("tea");
  EXPECT_EQ(publish(client, R"({"edit":1,"text":"x"})"), centrifuge_error::permission_denied)
      << "it is plain text";
}

TEST_F(GuestMessages, IsRejectedIfMalformed) {
  for (const char* data : {R"({"text":"","id":"1"})", R"({"edit":"1","text":"x"})",
                           R"({"edit":1,"delete":1})", R"({"react":1,"emoji":"x"})", R"({"delete":0})"})
    EXPECT_EQ(publish(ann_, data), centrifuge_error::bad_request) << data;
  EXPECT_EQ(publish(ann_, R"({"text":")" + std::string(16 * 1024 + 1, 'a') + R"(","id":"1"})"),
            centrifuge_error::bad_request);
  EXPECT_EQ(bob_.history("tea", R"("limit":0)").at("offset"), 0);
}

TEST_F(GuestMessages, IsDeliveredInOtherFormats) {
  for (const char* data :
       {"1", "false", "[1,2]", R"({"x":{"edit":1}})", R"({"text":"x","user":7})", R"({"price":1.50})"}) {
    EXPECT_EQ(publish(ann_, data), 0) << data;
    EXPECT_EQ(bob_.read_push().at("data"), json::parse(data)) << data;
  }
}

TEST_F(GuestMessages, MayNotBeEditedWithoutHistory) {
  ann_.subscribe("typing:tea");
  EXPECT_EQ(publish(ann_, R"({"text":"hello","id":"1"})", "typing:tea"), 0);
  EXPECT_EQ(publish(ann_, R"({"delete":1})", "typing:tea"), centrifuge_error::permission_denied);
}

TEST_F(GuestMessages, KeepsOrderDuringLookup) {
  EXPECT_EQ(publish(ann_, R"({"text":"hello","id":"1"})"), 0);
  for (int round = 0; round != 50; ++round) {
    ann_.send("publish",
              publish_request("tea", R"({"edit":1,"text":"edit )" + std::to_string(round) + "\"}"));
    ann_.send("publish", publish_request("tea", std::to_string(round)));
  }
  const json::object history = [this] {
    json::object read = bob_.history("tea", R"("limit":-1)");
    while (read.at("offset") != 101) read = bob_.history("tea", R"("limit":-1)");
    return read;
  }();
  const json::array& kept = history.at("publications").as_array();
  ASSERT_EQ(kept.size(), 100) << "the first was dropped";
  for (std::size_t index = 0; index != kept.size(); ++index) {
    const json::value& data = kept[index].at("data");
    const auto round = static_cast<std::int64_t>(index / 2);
    if (index % 2 == 0) {
      const bool is_last = round == 49;
      const std::string superseded = R"({"edit":1})";
      EXPECT_EQ(json::serialize(data), is_last ? R"({"edit":1,"text":"edit 49"})" : superseded);
    } else {
      EXPECT_EQ(data, round);
    }
  }
  EXPECT_EQ(publish(ann_, R"({"delete":1})"), centrifuge_error::permission_denied)
      << "a message outside the history can't be deleted";
}

TEST(Guests, HasMessageRatePerRoom) {
  const std::string secret = "a secret of thirty-two bytes or so";
  auto options = test_options();
  options.guest_rate = {.user = 1, .address = 0};
  options.tokens.keys.push_back(detail::auth::hmac_key("", secret).value());
  const RunningServer server(options);
  const auto taken = [](CentrifugeClient& client, const std::string& room) {
    int count = 0;
    for (int number = 0; number != 30; ++number) {
      const int error = error_of(client.publish(room, "1"));
      EXPECT_TRUE(error == 0 || error == centrifuge_error::too_many_requests) << error;
      count += error == 0 ? 1 : 0;
    }
    return count;
  };
  CentrifugeClient ann(server.port());
  ann.connect(guest_called(server, "Ann").token);
  for (const char* room : {"tea", "cake"}) {
    ann.subscribe(room);
    const int count = taken(ann, room);
    EXPECT_GE(count, 10) << room;
    EXPECT_LT(count, 25) << room;
  }
  EXPECT_GT(server.count(Counter::messages_refused), 0);
  CentrifugeClient quota(server.port());
  quota.connect(SigningKey::secret(secret).token("HS256", R"({"sub":"7"})"));
  quota.subscribe("tea");
  EXPECT_EQ(taken(quota, "tea"), 30);
}

TEST(Guests, SharesMessageRateWithPlainChat) {
  auto options = test_options();
  options.guest_rate = {.user = 1, .address = 0};
  const RunningServer server(options);
  const GuestAccount ann = guest_called(server, "Ann");
  CentrifugeClient page(server.port());
  page.connect(ann.token);
  page.subscribe("tea");
  for (int number = 0; number != 30; ++number) page.publish("tea", "1");
  RawWebSocketClient plain(server.port(), "/chat?room=tea&token=" + ann.token);
  plain.read_text();
  plain.send_text("hello");
  EXPECT_EQ(plain.read_event(), chat_line::too_fast);
}

TEST(Guests, MayEditMessagesAfterRestart) {
  const TemporaryFolder folder;
  auto options = test_options();
  options.data = folder.path() / "data";
  GuestAccount ann;
  const auto publish = [](CentrifugeClient& client, std::string_view data) {
    return error_of(client.publish("tea", std::string(data)));
  };
  {
    const RunningServer server(options);
    ann = guest_called(server, "Ann");
    CentrifugeClient client(server.port());
    client.connect(ann.token);
    client.subscribe("tea");
    EXPECT_EQ(publish(client, R"({"text":"hello","id":"1"})"), 0);
  }
  const RunningServer server(options);
  CentrifugeClient client(server.port());
  client.connect(ann.token);
  client.subscribe("tea");
  EXPECT_EQ(publish(client, R"({"edit":1,"text":"hello!"})"), 0);
  CentrifugeClient other(server.port());
  other.connect(guest_called(server, "Bob").token);
  other.subscribe("tea");
  EXPECT_EQ(publish(other, R"({"edit":1,"text":"hm"})"), centrifuge_error::permission_denied);
}

}  // namespace
}  // namespace coroom::test
