#include "support/centrifuge_client.hpp"
#include "support/document_server.hpp"
#include "support/http_client.hpp"
#include "support/process.hpp"
#include "support/running_server.hpp"
#include "support/signing_key.hpp"
#include "support/temporary.hpp"
#include "support/websocket_client.hpp"
#include "testkit/centrifuge_commands.hpp"
#include "testkit/chat_lines.hpp"
#include "testkit/codes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>

namespace coroom::test {
namespace {
using namespace std::chrono_literals;
using namespace testkit;

namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

const std::string secret = "a secret of thirty-two bytes or so";

std::string token(std::string_view claims) {
  return SigningKey::secret(secret).token("HS256", claims);
}

std::string forged(std::string_view claims) {
  return SigningKey::secret("another secret of thirty-two bytes").token("HS256", claims);
}

server::ServerConfig options_with_key() {
  auto options = test_options();
  options.tokens.keys.push_back(detail::auth::hmac_key("", secret).value());
  return options;
}

/// The server's clock stands at second 0. Only timers follow real time.
class Identity : public testing::Test {
 protected:
  explicit Identity(const server::ServerConfig& options = options_with_key()) : server_(options) {}

  static std::string with_token(const std::string& token) { return R"("token":")" + token + '"'; }

  /// Sends a command and returns the close code that follows.
  int close_after(CentrifugeClient& client, std::string_view method, const std::string& request) {
    client.send(method, request);
    return client.socket().read_close().close_code();
  }

  /// Returns the close code that comes before this number of replies, or nullopt if all replies come.
  std::optional<int> close_among(std::ptrdiff_t replies) {
    while (replies > 0) {
      const Frame frame = client_.socket().read();
      if (frame.opcode == opcode::close) return frame.close_code();
      replies -= 1 + std::ranges::count(frame.payload, '\n');
    }
    return std::nullopt;
  }

  RunningServer server_;
  CentrifugeClient client_{server_.port()};
};

TEST_F(Identity, IsSentToAllMembers) {
  const json::object self = client_.connect(token(R"({"sub":"42","info":{"name":"Bob"},"exp":60})"));
  EXPECT_EQ(self.at("expires"), true);
  EXPECT_EQ(self.at("ttl"), 60);
  client_.subscribe("tea", R"("join_leave":true)");
  client_.publish("tea", "1");
  const json::object expected{
      {"user", "42"}, {"client", self.at("client")}, {"conn_info", {{"name", "Bob"}}}};
  EXPECT_EQ(client_.read_push().at("info"), json::value(expected)) << "join";
  EXPECT_EQ(client_.read_push().at("info"), json::value(expected)) << "publication";
  const json::object presence = client_.presence("tea");
  EXPECT_EQ(presence.at("presence").at(self.at("client").as_string()), json::value(expected));
  const json::object history = client_.history("tea", R"("limit":-1)");
  EXPECT_EQ(history.at("publications").at(0).at("info"), json::value(expected));
}

TEST_F(Identity, IsSharedByConnectionsOfUser) {
  CentrifugeClient again(server_.port());
  CentrifugeClient other_user(server_.port());
  CentrifugeClient anonymous_client(server_.port());
  client_.connect(token(R"({"sub":"42"})"));
  again.connect(token(R"({"sub":"42"})"));
  other_user.connect(token(R"({"sub":"7"})"));
  anonymous_client.connect();
  for (auto* client : {&client_, &again, &other_user, &anonymous_client}) client->subscribe("tea");
  const json::object stats = client_.presence_stats("tea");
  EXPECT_EQ(stats.at("num_clients"), 4);
  EXPECT_EQ(stats.at("num_users"), 3) << "anonymous clients count as one user";
}

TEST(IdentityOfIssuer, IsVerifiedOnceItsKeysAreLoaded) {
  const SigningKey key = SigningKey::ed25519();
  DocumentServer issuer(DocumentServer::bytes("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"));
  auto options = test_options();
  options.jwks_url = detail::http::parse_fetch_target(issuer.url()).value();
  const RunningServer server(options);
  const std::string token = key.token("EdDSA", R"({"sub":"42"})", "one");
  const RawResponse early = get(server.port(), "/chat?token=" + token);
  EXPECT_EQ(early.status, 503);
  EXPECT_EQ(early.field("Retry-After"), "1");
  CentrifugeClient client(server.port());
  client.send("connect", token_request(token));
  EXPECT_THAT(client.socket().read().payload,
              testing::AllOf(HasSubstr(R"("code":100)"), HasSubstr(R"("temporary":true)")));
  issuer.become(DocumentServer::document(R"({"keys":[)" + key.json_web_key("one") + "]}"));
  EXPECT_TRUE(eventually([&] { return get(server.port(), "/chat?token=" + token).status != 503; }));
  CentrifugeClient again(server.port());
  EXPECT_FALSE(again.connect(token).empty());
}

TEST_F(Identity, ClosesConnectionOnForgedToken) {
  EXPECT_EQ(close_after(client_, "connect", token_request(forged(R"({"sub":"42"})"))),
            centrifuge_close::invalid_token);
  CentrifugeClient subscriber(server_.port());
  const std::string other_kind = token(R"({"sub":"42","channel":"tea"})");
  EXPECT_EQ(close_after(subscriber, "connect", token_request(other_kind)), centrifuge_close::invalid_token);
  EXPECT_EQ(server_.count(Counter::tokens_refused), 2);
}

TEST_F(Identity, AcceptsNewTokenAfterExpiredOne) {
  client_.socket().send_text(command(1, "connect", token_request(token(R"({"exp":-1})"))) + '\n' +
                             command(2, "subscribe", channel_request("tea")));
  EXPECT_EQ(error_of(client_.read()), centrifuge_error::token_expired);
  const json::object reply = client_.connect(token(R"({"sub":"42"})"));
  EXPECT_TRUE(reply.contains("client")) << "commands behind the failed connect were dropped";
  EXPECT_FALSE(reply.contains("expires"));
}

TEST_F(Identity, CountsRejectedTokensByCause) {
  const auto refused = [this](const std::string& given) {
    CentrifugeClient client(server_.port());
    client.send("connect", token_request(given));
    std::ignore = client.socket().read_close();
  };
  refused(forged(R"({"sub":"42"})"));
  refused(token(R"({"sub":42})"));
  refused(token(R"({"channel":"tea"})"));
  refused("nonsense");
  EXPECT_EQ(get(server_.port(), "/chat?token=" + token(R"({"exp":-1})")).status, 401);
  EXPECT_EQ(get(server_.port(), "/chat?token=" + token(R"({"nbf":7})")).status, 401);
  client_.connect(token(R"({"sub":"42"})"));
  client_.subscribe("tea", with_token(token(R"({"sub":"42"})")));
  client_.subscribe("tea", with_token(token(R"({"sub":"42","channel":"tea","nbf":7})")));
  client_.send("subscribe", channel_request("tea", with_token(token(R"({"sub":"7","channel":"tea"})"))));
  std::ignore = client_.socket().read_close();
  for (const TokenCause cause : {TokenCause::signature, TokenCause::claim_type, TokenCause::malformed,
                                 TokenCause::expired, TokenCause::wrong_user})
    EXPECT_EQ(server_.count(cause), 1) << token_cause_names.at(static_cast<std::size_t>(cause));
  EXPECT_EQ(server_.count(TokenCause::wrong_kind), 2);
  EXPECT_EQ(server_.count(TokenCause::not_yet_valid), 2);
  EXPECT_EQ(server_.count(Counter::tokens_refused), 9);
}

/// Tokens signed by a public key, whose check is slow.
class IdentityCost : public Identity {
 protected:
  explicit IdentityCost(const server::ServerConfig& options = options_of(4000)) : Identity(options) {}

  static const SigningKey& key() {
    static const SigningKey made = SigningKey::ec("P-521");
    return made;
  }

  static server::ServerConfig options_of(std::size_t messages) {
    auto options = test_options();
    options.application.threads = 1;
    options.application.limits.rate_limit = {.messages = messages == 0 ? 0U : 200U, .bytes = 0};
    options.application.limits.address_rate_limit = {.messages = messages, .bytes = 0};
    options.application.limits.unlimited_networks = {"192.0.2.1"};
    options.tokens.keys.push_back(detail::auth::public_key("", key().public_part()).value());
    return options;
  }

  static std::string forged_subscriptions(int count) {
    const std::string forgery = SigningKey::ec("P-521").token("ES512", R"({"channel":"tea"})");
    std::string frame;
    for (int id = 2; id != 2 + count; ++id)
      frame +=
          command(static_cast<std::uint64_t>(id), "subscribe", channel_request("tea", with_token(forgery))) +
          '\n';
    return frame.substr(0, frame.size() - 1);
  }
};

TEST_F(IdentityCost, ClosesConnectionOnRepeatedForgeries) {
  client_.connect(key().token("ES512", R"({"sub":"42"})"));
  int frames = 0;
  std::optional<int> code;
  while (!code && ++frames != 100) {
    client_.socket().send_text(forged_subscriptions(100));
    code = close_among(100);
  }
  EXPECT_EQ(code, centrifuge_close::too_many_requests);
  EXPECT_GE(server_.count(TokenCause::signature), 10);
  EXPECT_LE(server_.count(TokenCause::signature), 60) << "each counts as a hundred messages";
}

TEST_F(IdentityCost, AllowsManyValidTokens) {
  client_.connect(key().token("ES512", R"({"sub":"42"})"));
  for (int room = 0; room != 100; ++room) {
    const std::string name = "room" + std::to_string(room);
    const auto reply = client_.call(
        "subscribe",
        channel_request(name, with_token(key().token("ES512", R"({"sub":"42","channel":")" + name + "\"}"))));
    EXPECT_EQ(error_of(reply), 0) << room;
  }
}

class IdentityCostWithoutRates : public IdentityCost {
 protected:
  IdentityCostWithoutRates() : IdentityCost(options_of(0)) {}
};

TEST_F(IdentityCostWithoutRates, DoesNotDelayOtherClients) {
  constexpr int forgeries = 200;
  client_.connect(key().token("ES512", R"({"sub":"42"})"));
  client_.socket().send_text(forged_subscriptions(forgeries));
  EXPECT_TRUE(eventually([this] { return server_.count(TokenCause::signature) != 0; }));
  EXPECT_EQ(get(server_.port(), "/health").status, 200);
  EXPECT_LT(server_.count(TokenCause::signature), forgeries) << "another client was served in between";
}

class IdentityCostOfAddress : public IdentityCost {
 protected:
  IdentityCostOfAddress() : IdentityCost(options_of(100)) {}
};

TEST_F(IdentityCostOfAddress, ChargesHttpRequests) {
  const std::string forgery = SigningKey::ec("P-521").token("ES512", R"({"sub":"42"})");
  int asked = 0;
  while (++asked != 100 && get(server_.port(), "/chat?token=" + forgery).status == 401) {
  }
  EXPECT_LE(asked, 20) << "each counts as a hundred messages of the thousand";
}

class IdentityRequired : public Identity {
 protected:
  static server::ServerConfig options() {
    auto options = options_with_key();
    options.anonymous = false;
    return options;
  }
  IdentityRequired() : Identity(options()) {}
};

TEST_F(IdentityRequired, RejectsConnectionWithoutToken) {
  EXPECT_EQ(close_after(client_, "connect", "{}"), centrifuge_close::bad_request);
  CentrifugeClient user(server_.port());
  EXPECT_TRUE(user.connect(token(R"({"sub":"42"})")).contains("client"));
  CentrifugeClient vouched_for(server_.port());
  EXPECT_TRUE(vouched_for.connect(token("{}")).contains("client"));
}

class IdentityInSubscription : public Identity {
 protected:
  static server::ServerConfig options() {
    auto options = options_with_key();
    for (const char* key : {"members.allow_subscribe_for_client", "members.allow_subscribe_for_anonymous"})
      if (!options.namespaces.set(key, "false")) throw std::runtime_error(key);
    options.centrifuge.refresh_grace = 500ms;
    return options;
  }
  IdentityInSubscription() : Identity(options()) {
    self_ = client_.connect(token(R"({"sub":"42","info":1})"));
  }

  json::object self_;
};

TEST_F(IdentityInSubscription, OpensRestrictedRoom) {
  EXPECT_EQ(error_of(client_.subscribe("members:1")), centrifuge_error::permission_denied);
  const std::string ticket =
      token(R"({"sub":"42","channel":"members:1","info":{"role":"host"},"data":[1],"exp":60})");
  const json::object reply = client_.subscribe("members:1", with_token(ticket));
  EXPECT_EQ(reply.at("expires"), true);
  EXPECT_EQ(reply.at("ttl"), 60);
  EXPECT_EQ(reply.at("data").at(0), 1);
  client_.publish("members:1", "1");
  const json::object expected{
      {"user", "42"}, {"client", self_.at("client")}, {"conn_info", 1}, {"chan_info", {{"role", "host"}}}};
  EXPECT_EQ(client_.read_push().at("info"), json::value(expected));
  const json::object presence = client_.presence("members:1");
  EXPECT_EQ(presence.at("presence").at(self_.at("client").as_string()), json::value(expected));

  client_.subscribe("tea");
  client_.publish("tea", "1");
  EXPECT_FALSE(client_.read_push().at("info").as_object().contains("chan_info")) << "only in that room";
}

TEST_F(IdentityInSubscription, RejectsInvalidToken) {
  const auto subscribe = [&](const std::string& ticket) {
    return error_of(client_.subscribe("tea", with_token(ticket)));
  };
  EXPECT_EQ(subscribe(forged(R"({"sub":"42","channel":"tea"})")), centrifuge_error::permission_denied);
  EXPECT_EQ(subscribe("nonsense"), centrifuge_error::permission_denied);
  EXPECT_EQ(subscribe(token(R"({"sub":"42"})")), centrifuge_error::permission_denied)
      << "the token of a connection";
  EXPECT_EQ(subscribe(token(R"({"sub":"42","channel":"tea","exp":-1})")), centrifuge_error::token_expired);
  EXPECT_EQ(subscribe(token(R"({"sub":"42","channel":"tea"})")), 0);
}

TEST_F(IdentityInSubscription, ClosesConnectionOnForeignToken) {
  const std::string name(self_.at("client").as_string());
  for (const std::string& claims :
       {std::string(R"({"sub":"42","channel":"coffee"})"), std::string(R"({"sub":"7","channel":"tea"})"),
        std::string(R"({"channel":"tea"})"), R"({"sub":"42","channel":"tea","client":")" + name + "\"}"}) {
    CentrifugeClient client(server_.port());
    client.connect(token(R"({"sub":"42"})"));
    EXPECT_EQ(close_after(client, "subscribe", channel_request("tea", with_token(token(claims)))),
              centrifuge_close::invalid_token)
        << claims;
  }
  const std::string own = R"({"sub":"42","channel":"tea","client":")" + name + "\"}";
  EXPECT_EQ(error_of(client_.subscribe("tea", with_token(token(own)))), 0);
}

TEST_F(IdentityInSubscription, ExpiresAndKeepsConnection) {
  const std::string brief = token(R"({"sub":"42","channel":"tea","exp":0.1})");
  EXPECT_EQ(client_.subscribe("tea", with_token(brief)).at("ttl"), 1) << "whole seconds";
  const json::object push = client_.read_push();
  EXPECT_EQ(push.at("type"), "unsubscribe");
  EXPECT_EQ(push.at("channel"), "tea");
  EXPECT_EQ(push.at("code"), centrifuge_unsubscribe::expired);
  EXPECT_EQ(error_of(client_.publish("tea", "1")), centrifuge_error::permission_denied);
  EXPECT_EQ(error_of(client_.subscribe("tea", with_token(brief))), 0) << "the clock stands still";
  EXPECT_TRUE(eventually([&] { return server_.rooms() == 0; }));
}

TEST_F(IdentityInSubscription, ContinuesAfterRefresh) {
  client_.subscribe("kept", with_token(token(R"({"sub":"42","channel":"kept","exp":0.1})")));
  const std::string longer = token(R"({"sub":"42","channel":"kept","exp":60})");
  EXPECT_EQ(client_.call("sub_refresh", channel_request("kept", with_token(longer))).at("ttl"), 60);
  client_.subscribe("lost", with_token(token(R"({"sub":"42","channel":"lost","exp":0.1})")));
  EXPECT_EQ(client_.read_push().at("channel"), "lost") << "which expired after the first";
  EXPECT_EQ(error_of(client_.publish("kept", "1")), 0);
}

TEST_F(IdentityInSubscription, RejectsRefreshWithInvalidToken) {
  client_.subscribe("tea");
  const auto refresh = [&](const std::string& channel, const std::string& ticket) {
    return error_of(client_.call("sub_refresh", channel_request(channel, with_token(ticket))));
  };
  EXPECT_EQ(refresh("tea", forged(R"({"sub":"42","channel":"tea"})")), centrifuge_error::permission_denied);
  EXPECT_EQ(refresh("tea", token(R"({"sub":"42","channel":"tea","exp":-1})")),
            centrifuge_error::token_expired);
  EXPECT_EQ(refresh("milk", token(R"({"sub":"42","channel":"milk"})")), centrifuge_error::permission_denied)
      << "not subscribed";
  const std::string other = token(R"({"sub":"42","channel":"milk"})");
  EXPECT_EQ(close_after(client_, "sub_refresh", channel_request("tea", with_token(other))),
            centrifuge_close::invalid_token);
}

class IdentityExpiry : public IdentityInSubscription {};

TEST_F(IdentityExpiry, ClosesConnectionWithoutRefresh) {
  CentrifugeClient brief(server_.port());
  brief.connect(token(R"({"sub":"42","exp":0.1})"));
  brief.subscribe("tea");
  EXPECT_EQ(brief.socket().read_close().close_code(), centrifuge_close::expired);
  EXPECT_TRUE(eventually([&] { return server_.rooms() == 0; }));
}

TEST_F(IdentityExpiry, KeepsConnectionAfterRefresh) {
  CentrifugeClient first(server_.port());
  first.connect(token(R"({"sub":"42","exp":0.1})"));
  const json::object reply = first.call("refresh", token_request(token(R"({"sub":"42","exp":60})")));
  EXPECT_EQ(reply.at("ttl"), 60);
  EXPECT_EQ(reply.at("expires"), true);
  EXPECT_TRUE(reply.contains("client"));
  CentrifugeClient second(server_.port());
  second.connect(token(R"({"sub":"42","exp":0.1})"));
  EXPECT_EQ(second.socket().read_close().close_code(), centrifuge_close::expired)
      << "which expired after the first";
  EXPECT_FALSE(first.call("refresh", token_request(token(R"({"sub":"42"})"))).contains("expires"));
}

TEST_F(IdentityExpiry, RejectsRefreshWithInvalidToken) {
  const auto refresh = [&](const std::string& given) {
    CentrifugeClient client(server_.port());
    client.connect(token(R"({"sub":"42","exp":60})"));
    return close_after(client, "refresh", token_request(given));
  };
  EXPECT_EQ(refresh(token(R"({"sub":"42","exp":-1})")), centrifuge_close::expired);
  EXPECT_EQ(refresh(forged(R"({"sub":"42"})")), centrifuge_close::invalid_token);
  EXPECT_EQ(refresh(token(R"({"sub":"7"})")), centrifuge_close::invalid_token);
  CentrifugeClient none(server_.port());
  none.connect(token(R"({"sub":"42","exp":60})"));
  EXPECT_EQ(error_of(none.call("refresh", "{}")), centrifuge_error::bad_request);
}

class IdentityInPlainChat : public Identity {
 protected:
  static server::ServerConfig options() {
    auto options = options_with_key();
    options.anonymous = false;
    for (const char* key : {"users.allow_subscribe_for_anonymous", "users.allow_publish_for_anonymous"})
      if (!options.namespaces.set(key, "false")) throw std::runtime_error(key);
    if (!options.namespaces.set("members.allow_subscribe_for_client", "false"))
      throw std::runtime_error("members");
    return options;
  }
  IdentityInPlainChat() : Identity(options()) {}

  [[nodiscard]] RawResponse connect_plain(const std::string& target) const {
    TcpClient plain(server_.port());
    plain.send(upgrade_request(server_.port(), target));
    return read_response(plain);
  }
};

TEST_F(IdentityInPlainChat, IsReadFromUrl) {
  client_.connect(token(R"({"sub":"7"})"));
  client_.subscribe("users:1");
  RawWebSocketClient plain(server_.port(),
                           "/chat?room=users:1&token=" + token(R"({"sub":"42","info":{"a":1}})"));
  EXPECT_EQ(plain.read_event(), chat_line::joined);
  plain.send_text("hello");
  const json::object push = client_.read_push();
  EXPECT_EQ(push.at("data"), "hello");
  EXPECT_EQ(push.at("info").at("user"), "42");
  EXPECT_EQ(push.at("info").at("conn_info").at("a"), 1);
}

TEST_F(IdentityInPlainChat, IsCheckedBeforeUpgrade) {
  const RawResponse none = connect_plain("/chat?room=tea");
  EXPECT_EQ(none.status, 401);
  EXPECT_THAT(none.body, HasSubstr("A token is required"));
  EXPECT_EQ(none.field("WWW-Authenticate"), "Bearer");
  const RawResponse bad = connect_plain("/chat?room=tea&token=" + forged(R"({"sub":"42"})"));
  EXPECT_EQ(bad.status, 401);
  EXPECT_THAT(bad.body, HasSubstr("not valid"));
  const RawResponse late = connect_plain("/chat?room=tea&token=" + token(R"({"sub":"42","exp":-1})"));
  EXPECT_EQ(late.status, 401);
  EXPECT_THAT(late.body, HasSubstr("expired"));
  EXPECT_EQ(connect_plain("/chat?room=members:1&token=" + token(R"({"sub":"42"})")).status, 403);
  EXPECT_EQ(connect_plain("/chat?room=users:1&token=" + token("{}")).status, 403) << "anonymous";
  EXPECT_EQ(server_.count(Counter::tokens_refused), 3);
}

TEST_F(IdentityInPlainChat, ClosesConnectionOnExpiry) {
  RawWebSocketClient plain(server_.port(), "/chat?token=" + token(R"({"sub":"42","exp":0.1})"));
  EXPECT_EQ(plain.read_close().close_code(), centrifuge_close::expired);
  EXPECT_TRUE(eventually([&] { return server_.rooms() == 0; }));
}

TEST(IdentityLog, ContainsNoTokens) {
  const TemporaryFolder folder;
  folder.write("key", secret);
  Process process(
      {"--port=0", "--log-level=debug", "--token-hmac-secret-file=" + folder.path().string() + "/key"});
  const auto port = process.wait_for_port();
  const std::string good = token(R"({"sub":"42"})");
  const std::string bad = forged(R"({"sub":"42"})");
  CentrifugeClient client(port);
  client.connect(good);
  for (int again = 0; again != 3; ++again) client.subscribe("tea", R"("token":")" + bad + '"');
  CentrifugeClient other(port);
  other.send("connect", token_request(bad));
  EXPECT_EQ(other.socket().read_close().close_code(), centrifuge_close::invalid_token);
  EXPECT_EQ(get(port, "/chat?token=" + bad).status, 401);
  client.socket().leave();
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait(), 0);
  std::size_t refusals = 0;
  for (auto at = process.output().find("token refused"); at != std::string::npos; ++refusals)
    at = process.output().find("token refused", at + 1);
  EXPECT_EQ(refusals, 3) << "each connection's first";
  for (const std::string& given : {good, bad, secret}) {
    for (std::size_t at = 0; at + 16 < given.size(); at += 16)
      EXPECT_THAT(process.output(), Not(HasSubstr(given.substr(at, 16))));
  }
}

}  // namespace
}  // namespace coroom::test
