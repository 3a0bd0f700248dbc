#include "support/centrifuge_client.hpp"
#include "support/http_client.hpp"
#include "support/running_server.hpp"
#include "support/websocket_client.hpp"
#include "testkit/centrifuge_commands.hpp"
#include "testkit/chat_lines.hpp"
#include "testkit/codes.hpp"
#include "testkit/request_builder.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace coroom::test {
namespace {

using namespace testkit;
namespace json = boost::json;
using testing::HasSubstr;

json::value parsed(std::string_view text) {
  return json::parse(text);
}

TEST(Centrifuge, RepliesToEachCommandOfFrame) {
  const RunningServer server;
  CentrifugeClient client(server.port());
  client.socket().send_text(R"({"connect":{"data":{"app":1},"name":"js","version":"1.0"},"id":1})"
                            "\n"
                            R"({"subscribe":{"channel":"tea","join_leave":true,"flag":1},"id":2})"
                            "\n"
                            R"({"publish":{"channel":"tea","data":{"hi":1}},"id":3})"
                            "\n"
                            R"({"presence_stats":{"channel":"tea"},"id":4})");
  const json::object connected = client.read();
  EXPECT_EQ(connected.at("id"), 1);
  EXPECT_EQ(connected.at("connect").at("client").as_string().size(), 36);
  EXPECT_EQ(connected.at("connect").at("ping"), 25);
  EXPECT_EQ(connected.at("connect").at("pong"), true);
  EXPECT_EQ(client.read().at("id"), 2) << "before any push of the channel";

  const auto& name = connected.at("connect").at("client");
  std::vector<json::object> pushes;
  std::vector<json::object> replies;
  while (pushes.size() + replies.size() != 4) {
    json::object line = client.read();
    (line.contains("push") ? pushes : replies).push_back(std::move(line));
  }
  EXPECT_EQ(pushes[0].at("push").at("join").at("info").at("client"), name);
  EXPECT_EQ(pushes[1].at("push").at("pub").at("data"), parsed(R"({"hi":1})"));
  EXPECT_EQ(pushes[1].at("push").at("pub").at("info").at("client"), name);
  // The reply to publish comes when the broker has stored the publication. Other replies do not wait for it.
  EXPECT_THAT(replies, testing::UnorderedElementsAre(
                           parsed(R"({"id":3,"publish":{}})"),
                           parsed(R"({"id":4,"presence_stats":{"num_clients":1,"num_users":1}})")));
}

TEST(Centrifuge, SharesRoomsWithPlainClients) {
  const RunningServer server;
  CentrifugeClient client(server.port());
  client.connect();
  client.subscribe("tea", R"("join_leave":true)");
  EXPECT_EQ(client.read_push().at("type"), "join");
  RawWebSocketClient plain(server.port(), "/chat?room=tea");
  EXPECT_EQ(plain.read_event(), chat_line::joined);
  EXPECT_EQ(client.read_push().at("type"), "join");

  plain.send_text("two \"words\"");
  EXPECT_EQ(plain.read_event(), chat_line::said("two \"words\""));
  EXPECT_EQ(client.read_push().at("data"), "two \"words\"");

  client.publish("tea", R"("a \"text\"")");
  EXPECT_EQ(plain.read_event(), chat_line::said("a \"text\""));
  client.publish("tea", R"({"n": 1.50, "b": [ ]})");
  EXPECT_EQ(plain.read_event(), chat_line::said(R"({"n":1.50,"b":[]})"));
}

TEST(Centrifuge, ReportsPresenceJoinsAndLeaves) {
  const RunningServer server;
  CentrifugeClient first(server.port());
  const json::object self = first.connect();
  first.subscribe("tea", R"("join_leave":true)");
  first.read_push();
  json::string second_name;
  {
    CentrifugeClient second(server.port());
    second_name = second.connect().at("client").as_string();
    second.subscribe("tea");
    const json::object join = first.read_push();
    EXPECT_EQ(join.at("info").at("client"), second_name);
    const json::object presence = second.presence("tea");
    EXPECT_EQ(presence.at("presence").as_object().size(), 2);
    EXPECT_TRUE(presence.at("presence").as_object().contains(self.at("client").as_string()));
    second.unsubscribe("tea");
    EXPECT_EQ(first.read_push().at("type"), "leave");
    second.subscribe("tea");
    EXPECT_EQ(first.read_push().at("type"), "join");
  }
  const json::object leave = first.read_push();
  EXPECT_EQ(leave.at("type"), "leave") << "when the connection is lost";
  EXPECT_EQ(leave.at("info").at("client"), second_name);
  EXPECT_EQ(first.presence_stats("tea").at("num_clients"), 1);
}

TEST(Centrifuge, FiltersHistory) {
  const RunningServer server;
  CentrifugeClient client(server.port());
  client.connect();
  client.subscribe("tea");
  for (const char* said : {"\"a\"", "\"b\"", "\"c\""}) client.publish("tea", said);

  const auto history = [&](std::string_view more = "") { return client.history("tea", more); };
  const auto said = [](const json::object& reply) {
    std::string all;
    for (const auto& publication : reply.at("publications").as_array())
      all.append(publication.at("data").as_string());
    return all;
  };
  const json::object position = history();
  EXPECT_EQ(position.at("offset"), 3);
  EXPECT_EQ(said(position), "");
  const std::string epoch(position.at("epoch").as_string());
  EXPECT_EQ(said(history(R"("limit":-1)")), "abc");
  EXPECT_EQ(said(history(R"("limit":2)")), "ab");
  EXPECT_EQ(said(history(R"("limit":2,"reverse":true)")), "cb");
  const std::string since = R"("limit":-1,"since":{"offset":1,"epoch":")" + epoch + "\"}";
  EXPECT_EQ(said(history(since)), "bc");
  EXPECT_EQ(error_of(history(R"("limit":1,"since":{"offset":1,"epoch":"other"})")),
            centrifuge_error::unrecoverable_position);
  EXPECT_EQ(error_of(history(R"("limit":1,"reverse":true,"since":{"epoch":"x"})")),
            centrifuge_error::bad_request);
}

class CentrifugeRecovery : public testing::Test {
 protected:
  CentrifugeRecovery() {
    client_.connect();
    const json::object top = client_.subscribe("tea");
    epoch_ = top.at("epoch").as_string();
    EXPECT_EQ(top.at("recoverable"), true);
    EXPECT_EQ(top.at("positioned"), true);
    for (const char* said : {"1", "2", "3", "4"}) client_.publish("tea", said);
  }

  json::object recover(std::uint64_t offset, const std::string& epoch, std::string_view more = "") {
    CentrifugeClient back(server_.port());
    back.connect();
    return back.subscribe("tea", R"("recover":true,"offset":)" + std::to_string(offset) + R"(,"epoch":")" +
                                     epoch + "\"" + std::string(more));
  }

  RunningServer server_;
  CentrifugeClient client_{server_.port()};
  std::string epoch_;
};

TEST_F(CentrifugeRecovery, SendsMissedPublicationsInOrder) {
  const json::object reply = recover(2, epoch_);
  EXPECT_EQ(reply.at("recovered"), true);
  EXPECT_EQ(reply.at("was_recovering"), true);
  EXPECT_EQ(reply.at("offset"), 2);
  const json::array& missed = reply.at("publications").as_array();
  ASSERT_EQ(missed.size(), 2);
  EXPECT_EQ(missed[0].at("offset"), 3);
  EXPECT_EQ(missed[0].at("data"), 3);
  EXPECT_EQ(missed[1].at("offset"), 4);
}

TEST_F(CentrifugeRecovery, SendsNothingIfNothingWasMissed) {
  const json::object reply = recover(4, epoch_);
  EXPECT_EQ(reply.at("recovered"), true);
  EXPECT_FALSE(reply.contains("publications"));
  EXPECT_EQ(reply.at("offset"), 4);
}

TEST_F(CentrifugeRecovery, ReportsUnrecoverablePosition) {
  for (const auto& [offset, epoch] : std::vector<std::pair<std::uint64_t, std::string>>{
           {2, "other"}, {5, epoch_}, {1'000'000'000'000, epoch_}}) {
    const json::object reply = recover(offset, epoch);
    EXPECT_FALSE(reply.contains("recovered"));
    EXPECT_FALSE(reply.contains("publications"));
    EXPECT_EQ(reply.at("was_recovering"), true);
    EXPECT_EQ(reply.at("offset"), 4);
  }
  EXPECT_EQ(error_of(recover(2, "other", R"(,"flag":2)")), centrifuge_error::unrecoverable_position);
}

TEST_F(CentrifugeRecovery, FailsBeyondHistorySize) {
  for (int number = 0; number != 400; ++number) client_.send("publish", publish_request("tea", "1"));
  client_.presence_stats("tea");
  EXPECT_FALSE(recover(4, epoch_).contains("recovered")) << "the history keeps 100";
  EXPECT_EQ(recover(304, epoch_).at("publications").as_array().size(), 100);
}

struct ViolationCase {
  const char* name;
  std::string frame;
  int code;
};

class CentrifugeViolation : public testing::TestWithParam<ViolationCase> {};

TEST_P(CentrifugeViolation, ClosesOnlyConnectionOfSender) {
  RunningServer server;
  CentrifugeClient witness(server.port());
  witness.connect();
  witness.subscribe("tea");
  CentrifugeClient client(server.port());
  client.connect();
  client.subscribe("tea");
  client.socket().send_text(GetParam().frame);
  EXPECT_EQ(client.socket().read_close().close_code(), GetParam().code);
  EXPECT_EQ(witness.publish("tea", "1").size(), 0);
  EXPECT_TRUE(eventually([&] { return witness.presence_stats("tea").at("num_clients") == 1; }));
}

INSTANTIATE_TEST_SUITE_P(
    , CentrifugeViolation,
    testing::Values(
        ViolationCase{"NotJson", "hello", centrifuge_close::bad_request},
        ViolationCase{"EmptyFrame", "", centrifuge_close::bad_request},
        ViolationCase{"NewlinesAlone", std::string(64 * 1024, '\n'), centrifuge_close::bad_request},
        ViolationCase{"NoObject", "[1]", centrifuge_close::bad_request},
        ViolationCase{"NoId", R"({"publish":{"channel":"tea","data":1}})", centrifuge_close::bad_request},
        ViolationCase{"HugeNumber", R"({"id":99999999999999999999,"publish":{"channel":"tea"}})",
                      centrifuge_close::bad_request},
        ViolationCase{"NegativeNumber", R"({"id":-1,"publish":{"channel":"tea","data":1}})",
                      centrifuge_close::bad_request},
        ViolationCase{"NotANumber", R"({"id":"9","publish":{"channel":"tea","data":1}})",
                      centrifuge_close::bad_request},
        ViolationCase{"Fraction", R"({"id":1.5,"publish":{"channel":"tea","data":1}})",
                      centrifuge_close::bad_request},
        ViolationCase{"UnsolicitedPong", "{}", centrifuge_close::bad_request},
        ViolationCase{"Send", R"({"send":{"data":1}})", centrifuge_close::not_available},
        ViolationCase{"NotUtf8", "\"\xff\"", websocket_close::invalid_payload}),
    [](const auto& one) { return one.param.name; });

TEST(Centrifuge, RejectsTokenWithoutVerifier) {
  const RunningServer server;
  CentrifugeClient client(server.port());
  client.send("connect", token_request("a.b.c"));
  EXPECT_EQ(client.socket().read_close().close_code(), centrifuge_close::invalid_token);
}

TEST(Centrifuge, RejectsUnavailableMethods) {
  const RunningServer server;
  CentrifugeClient client(server.port());
  client.connect();
  EXPECT_EQ(error_of(client.call("rpc", R"({"method":"x"})")), centrifuge_error::not_available);
  EXPECT_EQ(error_of(client.call("ping")), centrifuge_error::not_available);
  EXPECT_EQ(error_of(client.publish("tea", "1")), centrifuge_error::permission_denied) << "not subscribed";
  EXPECT_EQ(error_of(client.call("publish", channel_request("tea"))), centrifuge_error::bad_request)
      << "no data";
  EXPECT_EQ(client.unsubscribe("tea").size(), 0) << "not subscribed";
}

TEST(Centrifuge, LimitsSubscriptions) {
  const RunningServer server;
  CentrifugeClient client(server.port());
  client.connect();
  const auto subscribe = [&](const std::string& channel) {
    return error_of(client.call("subscribe", json::serialize(json::object{{"channel", channel}})));
  };
  EXPECT_EQ(subscribe("tea"), 0);
  EXPECT_EQ(subscribe("tea"), centrifuge_error::already_subscribed);
  EXPECT_EQ(subscribe(std::string(255, 'x')), 0);
  EXPECT_EQ(subscribe(std::string(256, 'x')), centrifuge_error::bad_request);
  EXPECT_EQ(subscribe("a\nb"), centrifuge_error::bad_request);
  for (int number = 2; number != 128; ++number) EXPECT_EQ(subscribe(std::to_string(number)), 0);
  EXPECT_EQ(subscribe("one more"), centrifuge_error::limit_exceeded);
}

TEST(Centrifuge, ClosesConnectionWithoutConnect) {
  auto options = test_options();
  options.centrifuge.connect_timeout = std::chrono::milliseconds(50);
  const RunningServer server(options);
  CentrifugeClient client(server.port());
  EXPECT_EQ(client.socket().read_close().close_code(), centrifuge_close::stale);
}

TEST(Centrifuge, ClosesConnectionWithoutPong) {
  auto options = test_options();
  options.application.timeouts.ping_interval = std::chrono::seconds(1);
  const RunningServer server(options);
  CentrifugeClient client(server.port());
  client.connect();
  client.subscribe("tea");
  EXPECT_EQ(client.socket().read_text(), "{}");
  client.socket().send_text("{}");
  EXPECT_EQ(client.socket().read_text(), "{}") << "the pong was received";
  EXPECT_EQ(client.socket().read_close().close_code(), centrifuge_close::no_pong);
  EXPECT_TRUE(eventually([&] { return server.rooms() == 0; }));
}

RawResponse post(std::uint16_t port, std::string_view target, const std::string& body) {
  return ask(port, RequestBuilder("POST", target).field("Connection", "close").body(body));
}

TEST(Centrifuge, AcceptsOnlyConnectInStreamUrl) {
  const RunningServer server;
  const auto refused =
      get(server.port(), "/connection/sse?cf_connect=%7B%22id%22%3A1%2C%22connect%22%3A%7B%7D%7D%0A%7B%7D");
  EXPECT_EQ(refused.status, 400) << "any page may embed this URL as an image";
  EXPECT_EQ(get(server.port(), "/connection/sse").status, 400);
}

TEST(Centrifuge, LimitsStreamRequestSize) {
  const RunningServer server;
  const std::string much(64 * 1024 + 1, 'x');
  EXPECT_EQ(post(server.port(), "/connection/http_stream", much).status, 413);
}

TEST(Centrifuge, RejectsEmulationWithoutSession) {
  const RunningServer server;
  EXPECT_EQ(post(server.port(), "/emulation", "no json").status, 400);
  EXPECT_EQ(post(server.port(), "/emulation", std::string(500'000, '[')).status, 413);
  EXPECT_EQ(post(server.port(), "/emulation", R"({"session":1,"node":"x","data":"y"})").status, 400);
  EXPECT_EQ(post(server.port(), "/emulation", R"({"session":"x","node":"x","data":"y"})").status, 404);
}

TEST(Centrifuge, SelectsJsonSubprotocol) {
  const RunningServer server;
  const RawWebSocketClient client(server.port(), "/connection/websocket",
                                  "Sec-WebSocket-Protocol: centrifuge-protobuf, centrifuge-json\r\n");
  EXPECT_THAT(client.answer(), HasSubstr("Sec-WebSocket-Protocol: centrifuge-json\r\n"));
}

}  // namespace
}  // namespace coroom::test
