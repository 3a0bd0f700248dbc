#include "support/broker_caller.hpp"
#include "support/centrifuge_client.hpp"
#include "support/http_client.hpp"
#include "support/running_application.hpp"
#include "support/running_server.hpp"
#include "support/signing_key.hpp"
#include "support/temporary.hpp"
#include "support/websocket_client.hpp"
#include "testkit/centrifuge_commands.hpp"
#include "testkit/chat_lines.hpp"
#include "testkit/codes.hpp"
#include "testkit/request_builder.hpp"

#include <boost/json/parse.hpp>
#include <boost/uuid/string_generator.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace coroom::test {
namespace {

using namespace std::chrono_literals;
using namespace testkit;
namespace json = boost::json;
using testing::HasSubstr;
using Kind = Restriction::Kind;

const std::string secret = "a secret of thirty-two bytes or so";

std::string token(std::string_view claims) {
  return SigningKey::secret(secret).token("HS256", claims);
}

std::string token_of(const std::string& user) {
  return token(R"({"sub":")" + user + "\"}");
}

boost::uuids::uuid client_in(const json::object& connected) {
  return boost::uuids::string_generator()(std::string(connected.at("client").as_string()));
}

/// A server with tokens that reads addresses from X-Forwarded-For. Its clock stands still.
class ModerationTest : public testing::Test {
 protected:
  static server::ServerConfig options() {
    auto options = test_options();
    options.tokens.keys.push_back(detail::auth::hmac_key("", secret).value());
    options.application.trusted_proxies = {"127.0.0.1"};
    if (!options.namespaces.set("slow.slow_mode", "10s")) throw std::logic_error("slow_mode");
    return options;
  }

  explicit ModerationTest(const server::ServerConfig& options = ModerationTest::options()) { start(options); }

  void start(const server::ServerConfig& options) { server_ = std::make_unique<RunningServer>(options); }

  Moderation& moderation() { return server_->moderation(); }
  void impose(Restriction restriction) {
    const auto done = caller_.wait(moderation().impose(std::move(restriction)));
    EXPECT_TRUE(done) << done.error().message;
  }
  bool lift(Kind kind, std::string subject, std::string room = "") {
    return caller_.wait(moderation().lift(kind, std::move(subject), std::move(room))).value();
  }

  /// Returns a client of this user in the room "tea". Without a name it is anonymous.
  std::unique_ptr<CentrifugeClient> member(const std::string& user = "") {
    auto client = std::make_unique<CentrifugeClient>(server_->port());
    client->call("connect", user.empty() ? "{}" : token_request(token_of(user)));
    client->subscribe("tea");
    return client;
  }

  [[nodiscard]] std::string chat_of(const std::string& user, const std::string& room = "tea") const {
    return "/chat?room=" + room + (user.empty() ? "" : "&token=" + token_of(user));
  }

  static int publish(CentrifugeClient& client, const std::string& room = "tea") {
    return error_of(client.publish(room, "1"));
  }

  int close_after(CentrifugeClient& client, std::string_view method, const std::string& request) {
    client.send(method, request);
    return client.socket().read_close().close_code();
  }

  /// Returns the response to an upgrade that the server rejects.
  RawResponse rejection_of(const std::string& target, const std::string& fields = "") {
    TcpClient client(server_->port());
    client.send(upgrade_request(server_->port(), target, fields));
    return read_response(client);
  }

  /// Checks that this member still publishes and receives.
  static void expect_works(CentrifugeClient& bystander) {
    EXPECT_EQ(publish(bystander), 0);
    json::object push = bystander.read_push();
    while (push.at("type") != "pub" || push.at("info").at("user") != "") push = bystander.read_push();
    EXPECT_EQ(push.at("data"), 1);
  }

  std::unique_ptr<RunningServer> server_;
  BrokerCaller caller_;
};

TEST_F(ModerationTest, KicksAllConnectionsOfUser) {
  const auto bystander = member();
  const auto bob = member("bob");
  RawWebSocketClient plain(server_->port(), chat_of("bob"));
  RawWebSocketClient eve(server_->port(), chat_of("eve"));
  EXPECT_EQ(plain.read_event(), chat_line::joined);
  EXPECT_EQ(eve.read_event(), chat_line::joined);
  EXPECT_EQ(moderation().kick(ConnectionFilter::user("bob")), 2);
  const Frame end = bob->socket().read_close();
  EXPECT_EQ(end.close_code(), centrifuge_close::kicked);
  EXPECT_EQ(end.close_reason(), "kicked");
  EXPECT_EQ(plain.read_close().close_code(), centrifuge_close::kicked);
  EXPECT_EQ(eve.read_event(), chat_line::left);
  eve.send_text("hello");
  EXPECT_THAT(eve.read_text(), HasSubstr(chat_line::left)) << "of the other connection";
  EXPECT_EQ(eve.read_event(), chat_line::said("hello"));
  expect_works(*bystander);
  EXPECT_EQ(publish(*member("bob")), 0) << "may come again";
}

TEST_F(ModerationTest, KicksOneConnectionWithOwnReason) {
  CentrifugeClient first(server_->port());
  CentrifugeClient second(server_->port());
  const auto name = client_in(first.connect());
  second.connect();
  EXPECT_EQ(moderation().kick(ConnectionFilter::client(name), Disconnect(4001, "come again")), 1);
  const Frame end = first.socket().read_close();
  EXPECT_EQ(end.close_code(), 4001);
  EXPECT_EQ(end.close_reason(), "come again");
  EXPECT_EQ(error_of(second.subscribe("tea")), 0);
  EXPECT_TRUE(eventually([&] { return moderation().connections(ConnectionFilter::client(name)).empty(); }));
}

TEST_F(ModerationTest, KicksFromOneRoom) {
  const auto bob = member("bob");
  bob->subscribe("cake");
  RawWebSocketClient in_tea(server_->port(), chat_of("bob"));
  RawWebSocketClient in_cake(server_->port(), chat_of("bob", "cake"));
  EXPECT_EQ(in_tea.read_event(), chat_line::joined);
  EXPECT_EQ(in_cake.read_event(), chat_line::joined);
  EXPECT_EQ(moderation().kick_from("tea", ConnectionFilter::user("bob")), 3);
  json::object push = bob->read_push();
  while (push.at("type") != "unsubscribe") push = bob->read_push();
  EXPECT_EQ(push.at("channel"), "tea");
  EXPECT_EQ(push.at("code"), centrifuge_unsubscribe::by_server)
      << "so that the client does not subscribe again";
  EXPECT_EQ(publish(*bob, "tea"), centrifuge_error::permission_denied);
  EXPECT_EQ(publish(*bob, "cake"), 0);
  EXPECT_EQ(in_tea.read_close().close_code(), centrifuge_close::kicked);
  EXPECT_EQ(in_cake.read_event(), chat_line::said("1"));
}

TEST_F(ModerationTest, BansUser) {
  const auto bystander = member();
  const auto bob = member("bob");
  RawWebSocketClient plain(server_->port(), chat_of("bob"));
  impose(Restriction::ban_user("bob", server_->clock().now() + 60s));
  const Frame end = bob->socket().read_close();
  EXPECT_EQ(end.close_code(), centrifuge_close::banned);
  EXPECT_EQ(end.close_reason(), "banned");
  EXPECT_EQ(plain.read_close().close_code(), centrifuge_close::banned);
  CentrifugeClient again(server_->port());
  EXPECT_EQ(close_after(again, "connect", token_request(token_of("bob"))), centrifuge_close::banned);
  const RawResponse answer = rejection_of(chat_of("bob"));
  EXPECT_EQ(answer.status, 403);
  EXPECT_THAT(answer.body, HasSubstr("This user is banned."));
  EXPECT_EQ(server_->count(Counter::connections_banned), 2);
  expect_works(*bystander);
  server_->clock().advance(60s);
  EXPECT_EQ(publish(*member("bob")), 0);
}

TEST_F(ModerationTest, BansIpv4AndIpv6Networks) {
  const std::string v4 = "X-Forwarded-For: 198.51.100.7\r\n";
  const std::string v6 = "X-Forwarded-For: 2001:db8::7\r\n";
  const std::string other = "X-Forwarded-For: 198.51.101.7\r\n";
  RawWebSocketClient plain(server_->port(), "/chat", v4);
  RawWebSocketClient stays(server_->port(), "/chat", other);
  RawWebSocketClient centrifuge(server_->port(), "/connection/websocket", v6);
  centrifuge.send_text(command(1, "connect"));
  EXPECT_THAT(centrifuge.read_text(), HasSubstr("client"));
  EXPECT_EQ(plain.read_event(), chat_line::joined);
  impose(Restriction::ban_network("198.51.100.0/24"));
  impose(Restriction::ban_network("2001:db8::/64"));
  EXPECT_EQ(plain.read_close().close_code(), centrifuge_close::banned);
  EXPECT_EQ(centrifuge.read_close().close_code(), centrifuge_close::banned);
  for (const char* target : {"/chat", "/connection/websocket"}) {
    for (const std::string& from : {v4, v6}) {
      const RawResponse answer = rejection_of(target, from);
      EXPECT_EQ(answer.status, 403) << target;
      EXPECT_THAT(answer.body, HasSubstr("This address is banned."));
    }
  }
  EXPECT_EQ(get(server_->port(), "/connection/sse?cf_connect=%7B%7D", v6).status, 403);
  EXPECT_EQ(get(server_->port(), "/health", v6).status, 200);
  EXPECT_EQ(stays.read_event(), chat_line::joined);
  EXPECT_TRUE(lift(Kind::network_ban, "198.51.100.0/24"));
  const RawWebSocketClient back(server_->port(), "/chat", v4);
}

TEST_F(ModerationTest, ClosesStreamOfBannedUser) {
  TcpClient stream(server_->port());
  stream.send(RequestBuilder("POST", "/connection/http_stream")
                  .body(command(1, "connect", token_request(token_of("bob")))));
  ASSERT_TRUE(
      eventually([&] { return moderation().connections(ConnectionFilter::user("bob")).size() == 1; }));
  impose(Restriction::ban_user("bob"));
  EXPECT_THAT(stream.read_to_end(), HasSubstr(R"("disconnect":{"code":3507,"reason":"banned"})"));
}

TEST_F(ModerationTest, MutesUserInOneRoom) {
  const auto bystander = member();
  const auto bob = member("bob");
  bob->subscribe("cake");
  RawWebSocketClient plain(server_->port(), chat_of("bob"));
  EXPECT_EQ(plain.read_event(), chat_line::joined);
  impose(Restriction::mute("bob", "tea", server_->clock().now() + 60s));
  const json::object refused = bob->publish("tea", R"("no")");
  EXPECT_EQ(error_of(refused), centrifuge_error::permission_denied);
  plain.send_text("no");
  EXPECT_THAT(plain.read_text(), HasSubstr(chat_line::muted));
  EXPECT_EQ(publish(*bob, "cake"), 0);
  EXPECT_EQ(server_->count(Counter::publications_refused), 2);
  EXPECT_EQ(publish(*bystander), 0);
  EXPECT_EQ(plain.read_event(), chat_line::said("1")) << "a muted user still receives";
  EXPECT_EQ(bystander->read_push().at("data"), 1) << "and the rejected messages were not delivered";
  server_->clock().advance(60s);
  EXPECT_EQ(publish(*bob), 0);
  plain.send_text("yes");
  EXPECT_EQ(plain.read_event(), chat_line::said("1"));
  EXPECT_EQ(plain.read_event(), chat_line::said("yes"));
}

TEST_F(ModerationTest, MutesUserEverywhereUntilLifted) {
  const auto bob = member("bob");
  bob->subscribe("cake");
  impose(Restriction::mute("bob"));
  EXPECT_EQ(publish(*bob, "tea"), centrifuge_error::permission_denied);
  EXPECT_EQ(publish(*bob, "cake"), centrifuge_error::permission_denied);
  EXPECT_EQ(publish(*member("eve")), 0);
  ASSERT_EQ(moderation().restrictions().size(), 1);
  EXPECT_TRUE(lift(Kind::mute, "bob"));
  EXPECT_FALSE(lift(Kind::mute, "bob"));
  EXPECT_EQ(publish(*bob, "tea"), 0);
}

TEST_F(ModerationTest, AppliesSlowModePerUser) {
  const auto bob = member("bob");
  const auto again = member("bob");
  const auto eve = member("eve");
  for (CentrifugeClient* client : {bob.get(), again.get(), eve.get()}) client->subscribe("slow:1");
  EXPECT_EQ(publish(*bob, "slow:1"), 0);
  const json::object refused = again->publish("slow:1", "2");
  EXPECT_EQ(error_of(refused), centrifuge_error::too_many_requests) << "connections of a user count together";
  EXPECT_EQ(refused.at("error").at("temporary"), true);
  EXPECT_EQ(refused.at("error").at("message"), "too many requests");
  EXPECT_EQ(publish(*eve, "slow:1"), 0);
  EXPECT_EQ(publish(*bob, "tea"), 0);
  EXPECT_EQ(publish(*bob, "tea"), 0);
  server_->clock().advance(10s);
  EXPECT_EQ(publish(*again, "slow:1"), 0);
}

TEST_F(ModerationTest, AppliesSlowModePerAnonymousConnection) {
  RawWebSocketClient one(server_->port(), chat_of("", "slow:1"));
  EXPECT_EQ(one.read_event(), chat_line::joined);
  RawWebSocketClient other(server_->port(), chat_of("", "slow:1"));
  EXPECT_EQ(one.read_event(), chat_line::joined);
  EXPECT_EQ(other.read_event(), chat_line::joined);
  one.send_text("first");
  one.send_text("second");
  EXPECT_EQ(other.read_event(), chat_line::said("first"));
  std::vector<std::string> to_one{one.read_event(), one.read_event()};
  EXPECT_THAT(to_one, testing::UnorderedElementsAre(chat_line::said("first"), chat_line::too_fast));
  other.send_text("third");
  EXPECT_EQ(other.read_event(), chat_line::said("third")) << "and received no other";
}

TEST_F(ModerationTest, SetsAndLiftsSlowModeAtRunTime) {
  const auto bob = member("bob");
  bob->subscribe("slow:1");
  impose(Restriction::slow("tea", 5s));
  EXPECT_EQ(publish(*bob), 0);
  EXPECT_EQ(publish(*bob), centrifuge_error::too_many_requests);
  impose(Restriction::slow("slow:1", 0s));
  EXPECT_EQ(publish(*bob, "slow:1"), 0);
  EXPECT_EQ(publish(*bob, "slow:1"), 0);
  EXPECT_TRUE(lift(Kind::slow_mode, "tea"));
  EXPECT_EQ(publish(*bob), 0);
  EXPECT_EQ(publish(*bob), 0);
  EXPECT_TRUE(lift(Kind::slow_mode, "slow:1"));
  EXPECT_EQ(publish(*bob, "slow:1"), 0);
  EXPECT_EQ(publish(*bob, "slow:1"), centrifuge_error::too_many_requests);
}

TEST_F(ModerationTest, RevokesTokenById) {
  const std::string stolen = token(R"({"sub":"bob","jti":"a","exp":60})");
  const std::string good = token(R"({"sub":"bob","jti":"b","exp":60})");
  CentrifugeClient thief(server_->port());
  thief.connect(stolen);
  CentrifugeClient bob(server_->port());
  bob.connect(good);
  RawWebSocketClient plain(server_->port(), "/chat?token=" + stolen);
  impose(Restriction::revoke_token("a", Clock::TimePoint(60s)));
  EXPECT_EQ(thief.socket().read_close().close_code(), centrifuge_close::invalid_token);
  EXPECT_EQ(plain.read_close().close_code(), centrifuge_close::invalid_token);
  CentrifugeClient again(server_->port());
  EXPECT_EQ(close_after(again, "connect", token_request(stolen)), centrifuge_close::invalid_token);
  EXPECT_EQ(rejection_of("/chat?token=" + stolen).status, 401);
  EXPECT_EQ(error_of(bob.call("refresh", token_request(good))), 0);
  EXPECT_EQ(close_after(bob, "refresh", token_request(stolen)), centrifuge_close::invalid_token);
  EXPECT_EQ(server_->count(Counter::tokens_refused), 3);
  server_->clock().advance(60s);
  EXPECT_TRUE(moderation().restrictions().empty()) << "it has expired";
}

TEST_F(ModerationTest, RevokesEarlierTokensOfUser) {
  server_->clock().set(Clock::TimePoint(100s));
  CentrifugeClient old(server_->port());
  old.connect(token(R"({"sub":"bob","iat":90})"));
  CentrifugeClient fresh(server_->port());
  fresh.connect(token(R"({"sub":"bob","iat":95})"));
  impose(Restriction::revoke_user("bob", Clock::TimePoint(95s)));
  EXPECT_EQ(old.socket().read_close().close_code(), centrifuge_close::invalid_token);
  EXPECT_EQ(error_of(fresh.subscribe("tea")), 0);
  CentrifugeClient again(server_->port());
  EXPECT_EQ(close_after(again, "connect", token_request(token_of("bob"))), centrifuge_close::invalid_token)
      << "without an issue time";
  CentrifugeClient eve(server_->port());
  EXPECT_TRUE(eve.connect(token(R"({"sub":"eve","iat":90})")).contains("client"));
}

TEST_F(ModerationTest, RevokesTokenOfSubscription) {
  const auto bob = member("bob");
  const auto request = [](const std::string& room, const std::string& id) {
    return channel_request(
        room,
        R"("token":")" + token(R"({"sub":"bob","channel":")" + room + R"(","jti":")" + id + "\"}") + "\"");
  };
  EXPECT_EQ(error_of(bob->call("subscribe", request("cake", "a"))), 0);
  EXPECT_EQ(error_of(bob->call("subscribe", request("milk", "b"))), 0);
  impose(Restriction::revoke_token("a"));
  json::object push = bob->read_push();
  while (push.at("type") != "unsubscribe") push = bob->read_push();
  EXPECT_EQ(push.at("channel"), "cake");
  EXPECT_EQ(push.at("code"), centrifuge_unsubscribe::by_server);
  EXPECT_EQ(error_of(bob->call("subscribe", request("cake", "a"))), centrifuge_error::permission_denied);
  EXPECT_EQ(error_of(bob->call("sub_refresh", request("milk", "a"))), centrifuge_error::permission_denied);
  EXPECT_EQ(error_of(bob->call("sub_refresh", request("milk", "c"))), 0);
  impose(Restriction::revoke_token("b"));
  EXPECT_EQ(publish(*bob, "milk"), 0) << "the last token counts";
}

class ModerationWithData : public ModerationTest {
 protected:
  ModerationWithData() : ModerationTest(test_options()) {
    server_.reset();
    options_ = options();
    options_.data = folder_.path();
    start(options_);
  }

  void restart() {
    server_.reset();
    start(options_);
  }

  TemporaryFolder folder_;
  server::ServerConfig options_;
};

TEST_F(ModerationWithData, KeepsRestrictionsAfterRestart) {
  const std::string from = "X-Forwarded-For: 198.51.100.7\r\n";
  impose(Restriction::ban_user("bob"));
  impose(Restriction::ban_user("al"));
  impose(Restriction::ban_network("198.51.100.0/24"));
  impose(Restriction::mute("eve", "tea"));
  impose(Restriction::slow("tea", 10s));
  impose(Restriction::revoke_token("a", Clock::TimePoint(60s)));
  EXPECT_TRUE(lift(Kind::user_ban, "al"));
  restart();
  CentrifugeClient bob(server_->port());
  EXPECT_EQ(close_after(bob, "connect", token_request(token_of("bob"))), centrifuge_close::banned);
  EXPECT_EQ(rejection_of("/chat", from).status, 403);
  EXPECT_EQ(publish(*member("eve")), centrifuge_error::permission_denied);
  const auto al = member("al");
  EXPECT_EQ(publish(*al), 0);
  EXPECT_EQ(publish(*al), centrifuge_error::too_many_requests);
  CentrifugeClient revoked(server_->port());
  EXPECT_EQ(close_after(revoked, "connect", token_request(token(R"({"sub":"x","jti":"a"})"))),
            centrifuge_close::invalid_token);
  EXPECT_EQ(moderation().restrictions().size(), 5);
}

/// A handler of a program, registered for moderation.
class ModeratedHandler final : public WebSocketHandler, private ModeratedConnection {
 public:
  task<> open() override {
    auto client_info = std::make_shared<ClientInfo>(request().remote_ip.to_string());
    client_info->user = get_argument("user", "");
    client_info->client_id = new_client_id();
    const auto executor = co_await boost::asio::this_coro::executor;
    auto registration =
        application().moderation().register_connection(*this, executor, std::move(client_info), std::nullopt);
    if (registration) {
      registration_ = std::move(*registration);
      co_await write_message("welcome");
    } else {
      on_kick(Moderation::disconnect_for(registration.error()));
    }
  }
  task<> on_message(Message) override { co_return; }
  task<> on_close() override {
    registration_.reset();
    co_return;
  }

 private:
  void on_kick(const Disconnect& why) override { std::ignore = close(why.code, why.reason); }
  void on_kick_from(const std::string&) override {}

  std::optional<Moderation::Registration> registration_;
};

TEST(ModerationOfProgram, BansUserOfHandler) {
  BrokerCaller caller;
  RunningApplication application({route<ModeratedHandler>("/guest")});
  RawWebSocketClient bob(application.port(), "/guest?user=bob");
  EXPECT_EQ(bob.read_text(), "welcome");
  EXPECT_TRUE(caller.wait(application->moderation().impose(Restriction::ban_user("bob"))));
  EXPECT_EQ(bob.read_close().close_code(), centrifuge_close::banned);
  RawWebSocketClient again(application.port(), "/guest?user=bob");
  EXPECT_EQ(again.read_close().close_code(), centrifuge_close::banned);
}

/// Moderators act while clients connect and disconnect, until the server stops.
TEST_F(ModerationTest, RunsWhileConnectionsComeAndGo) {
  std::atomic<bool> stops{false};
  std::thread moderator([&] {
    BrokerCaller caller;
    while (!stops) {
      moderation().kick(ConnectionFilter::user("bob"));
      moderation().kick_from("tea", ConnectionFilter::user("bob"));
      std::ignore = caller.wait(moderation().impose(Restriction::ban_user("eve")));
      std::ignore = caller.wait(moderation().impose(Restriction::revoke_token("x")));
      std::ignore = caller.wait(moderation().lift(Kind::user_ban, "eve"));
    }
  });
  for (int round = 0; round != 100; ++round) {
    for (const char* user : {"bob", "eve"}) {
      CentrifugeClient client(server_->port());
      client.send("connect", token_request(token_of(user)));
      client.send("subscribe", channel_request("tea"));
    }
  }
  const auto al = member("al");
  EXPECT_EQ(publish(*al), 0);
  stops = true;
  moderator.join();
}

}  // namespace
}  // namespace coroom::test
