#include "support/centrifuge_client.hpp"
#include "support/granting_tokens.hpp"
#include "support/running_application.hpp"
#include "support/running_server.hpp"
#include "testkit/centrifuge_commands.hpp"
#include "testkit/codes.hpp"

#include <coroom/centrifuge.hpp>
#include <coroom/connection_filter.hpp>
#include <coroom/moderation.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace coroom::test {
namespace {

using namespace testkit;
namespace json = boost::json;

ConnectionToken grant(std::string user, std::map<std::string, ServerSubscription, std::less<>> rooms) {
  ConnectionToken token;
  token.user = std::move(user);
  token.subscriptions = std::move(rooms);
  return token;
}

CentrifugeSettings granting(GrantingTokens::Grants grants) {
  CentrifugeSettings settings;
  settings.tokens = std::make_shared<GrantingTokens>(std::move(grants));
  return settings;
}

Settings with_history() {
  Settings settings = quick_settings();
  settings.room_options = [](std::string_view) {
    return RoomOptions{.history_size = 10, .history_ttl = std::chrono::hours(1)};
  };
  return settings;
}

TEST(ServerSubscriptions, ComeWithTheReplyToConnect) {
  const RunningApplication application(centrifuge_routes(
      granting({{"t", grant("ann", {{"news", {.info = R"({"role":"reader"})", .data = R"({"hello":1})"}},
                                    {"tea", {}}})}})));
  CentrifugeClient ann(application.port());
  const json::object connected = ann.connect("t");
  const json::object& subs = connected.at("subs").as_object();
  ASSERT_EQ(subs.size(), 2);
  EXPECT_EQ(subs.at("news").at("data"), json::parse(R"({"hello":1})"));
  EXPECT_EQ(ann.publish("news", "1"), json::object()) << "it counts as a subscriber";
  const json::object push = ann.read_push();
  EXPECT_EQ(push.at("channel"), "news");
  EXPECT_EQ(push.at("info").at("chan_info"), json::parse(R"({"role":"reader"})"));
  EXPECT_EQ(error_of(ann.subscribe("tea")), centrifuge_error::already_subscribed);
  EXPECT_EQ(ann.unsubscribe("tea"), json::object());
  EXPECT_EQ(error_of(ann.subscribe("tea")), 0);
}

TEST(ServerSubscriptions, RecoverByTheClientsPosition) {
  const RunningApplication application(centrifuge_routes(granting({{"t", grant("ann", {{"news", {}}})}})),
                                       with_history());
  json::object position;
  {
    CentrifugeClient ann(application.port());
    position = ann.connect("t").at("subs").at("news").as_object();
    EXPECT_EQ(position.at("recoverable"), true);
  }
  CentrifugeClient bob(application.port());
  bob.connect();
  bob.subscribe("news");
  bob.publish("news", "1");
  bob.publish("news", "2");
  CentrifugeClient ann(application.port());
  const json::object again =
      ann.call("connect",
               R"({"token":"t","subs":{"other":{"recover":true},"news":{"recover":true,"offset":0,"epoch":)" +
                   json::serialize(position.at("epoch")) + "}}}");
  const json::object& news = again.at("subs").at("news").as_object();
  EXPECT_EQ(again.at("subs").as_object().size(), 1) << "a client gets no room by its own position";
  EXPECT_EQ(news.at("recovered"), true);
  ASSERT_EQ(news.at("publications").as_array().size(), 2);
  EXPECT_EQ(news.at("publications").at(1).at("data"), 2);
  bob.publish("news", "3");
  EXPECT_EQ(ann.read_push().at("data"), 3) << "nothing is missing or comes twice";
}

TEST(ServerSubscriptions, AreAllOrNone) {
  CentrifugeSettings settings =
      granting({{"bad", grant("ann", {{"a", {}}, {"b", {}}, {"unknown", {}}})},
                {"many", grant("ann", {{"a", {}}, {"b", {}}, {"c", {}}, {"d", {}}})},
                {"good", grant("ann", {{"a", {}}})}});
  settings.max_subscriptions = 3;
  settings.check_room = [](std::string_view room) -> tl::expected<void, CentrifugeError> {
    if (room == "unknown") return tl::unexpected(centrifuge_errors::unknown_channel);
    return {};
  };
  RunningApplication application(centrifuge_routes(std::move(settings)));
  CentrifugeClient ann(application.port());
  EXPECT_EQ(error_of(ann.call("connect", token_request("bad"))), centrifuge_error::unknown_channel);
  EXPECT_TRUE(eventually([&] { return application->rooms() == 0; })) << "the others are undone";
  EXPECT_EQ(ann.call("connect", token_request("good")).at("subs").as_object().size(), 1)
      << "the client may try again";
  CentrifugeClient bob(application.port());
  bob.send("connect", token_request("many"));
  EXPECT_EQ(bob.socket().read_close().close_code(), centrifuge_close::channel_limit);
}

TEST(ServerSubscriptions, HideClientsByOverrides) {
  const ServerSubscription hidden{.overrides = {.presence = false, .join_leave = false}};
  const RunningApplication application(centrifuge_routes(granting({{"t", grant("ann", {{"tea", hidden}})}})));
  CentrifugeClient bob(application.port());
  bob.connect();
  bob.subscribe("tea", R"("join_leave":true)");
  EXPECT_EQ(bob.read_push().at("type"), "join");
  {
    CentrifugeClient ann(application.port());
    ann.connect("t");
    EXPECT_EQ(bob.presence("tea").at("presence").as_object().size(), 1);
    ann.publish("tea", "1");
    EXPECT_EQ(bob.read_push().at("data"), 1) << "and no join before it";
  }
  bob.publish("tea", "2");
  EXPECT_EQ(bob.read_push().at("data"), 2);
}

TEST(ServerSubscriptions, ReplaceTheRulesOfTheRoom) {
  CentrifugeSettings settings = granting(
      {{"on",
        grant("ann", {{"tea", {.overrides = {.force_push_join_leave = true, .force_recovery = false}}}})}});
  const RunningApplication application(centrifuge_routes(std::move(settings)), with_history());
  CentrifugeClient ann(application.port());
  const json::object connected = ann.connect("on");
  EXPECT_FALSE(connected.at("subs").at("tea").as_object().contains("recoverable"));
  EXPECT_EQ(ann.read_push().at("type"), "join");
}

TEST(ServerSubscriptions, GiveEachUserAPersonalRoom) {
  CentrifugeSettings settings = granting({{"t", grant("ann", {})}, {"two", grant("ann,bob", {})}});
  settings.personal_rooms = true;
  settings.personal_namespace = "me";
  RunningApplication application(centrifuge_routes(std::move(settings)));
  CentrifugeClient ann(application.port());
  EXPECT_TRUE(ann.connect("t").at("subs").as_object().contains("me:#ann"));
  CentrifugeClient guest(application.port());
  EXPECT_FALSE(guest.connect().contains("subs"));
  CentrifugeClient two(application.port());
  EXPECT_FALSE(two.connect("two").contains("subs")) << "its room would be that of two other users";
  ASSERT_TRUE(application->room("me:#ann").post(Message(json::value(7))));
  EXPECT_EQ(ann.read_push().at("data"), 7);
}

TEST(ServerSubscriptions, CloseEarlierConnectionsIfSingle) {
  CentrifugeSettings settings = granting({{"t", grant("ann", {})}, {"u", grant("bob", {})}});
  settings.single_connection = true;
  const RunningApplication application(centrifuge_routes(std::move(settings)));
  CentrifugeClient first(application.port());
  first.connect("t");
  CentrifugeClient other(application.port());
  other.connect("u");
  CentrifugeClient second(application.port());
  second.connect("t");
  EXPECT_EQ(first.socket().read_close().close_code(), centrifuge_close::connection_limit);
  EXPECT_EQ(error_of(second.subscribe("tea")), 0);
  EXPECT_EQ(error_of(other.subscribe("tea")), 0);
}

TEST(ServerSubscriptions, BeginAndEndWhileConnected) {
  RunningApplication application(centrifuge_routes(granting({{"t", grant("ann", {})}})), with_history());
  CentrifugeClient ann(application.port());
  ann.connect("t");
  Moderation& connections = application->moderation();
  const auto filter = ConnectionFilter::user("ann");
  EXPECT_EQ(connections.subscribe(filter, "news", {.data = R"({"from":"program"})"}), 1U);
  EXPECT_FALSE(connections.subscribe(filter, "tea", {.data = "{"}));
  const json::object begun = ann.read_push();
  EXPECT_EQ(begun.at("type"), "subscribe");
  EXPECT_EQ(begun.at("channel"), "news");
  EXPECT_EQ(begun.at("data"), json::parse(R"({"from":"program"})"));
  EXPECT_EQ(begun.at("positioned"), true);
  ann.publish("news", "1");
  EXPECT_EQ(ann.read_push().at("data"), 1);
  EXPECT_EQ(error_of(ann.subscribe("news")), centrifuge_error::already_subscribed);
  EXPECT_EQ(connections.unsubscribe(filter, "news"), 1);
  const json::object ended = ann.read_push();
  EXPECT_EQ(ended.at("type"), "unsubscribe");
  EXPECT_EQ(ended.at("code"), centrifuge_unsubscribe::by_server);
  EXPECT_EQ(error_of(ann.subscribe("news")), 0);
}

TEST(ServerSubscriptions, SendsMessagesToConnections) {
  RunningApplication application(centrifuge_routes(granting({{"t", grant("ann", {})}})));
  CentrifugeClient ann(application.port());
  ann.connect("t");
  const auto filter = ConnectionFilter::user("ann");
  EXPECT_EQ(application->moderation().send(filter, "{\n\"a\": 1}"), 1U);
  EXPECT_FALSE(application->moderation().send(filter, "{"));
  EXPECT_EQ(ann.read(), json::parse(R"({"push":{"message":{"data":{"a":1}}}})"));
}

}  // namespace
}  // namespace coroom::test
