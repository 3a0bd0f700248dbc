// Commands that the server rejects. Each gets an error reply, and the connection stays open.

#include "support/centrifuge_client.hpp"
#include "support/http_client.hpp"
#include "support/running_server.hpp"
#include "support/tcp_client.hpp"
#include "support/websocket_client.hpp"
#include "testkit/centrifuge_commands.hpp"
#include "testkit/codes.hpp"
#include "testkit/request_builder.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace coroom::test {
namespace {

using namespace testkit;
namespace json = boost::json;

/// The id stands behind the data, so the server must find it behind the fault to reply.
std::string publication(std::string_view data) {
  return R"({"publish":)" + publish_request("tea", data) + R"(,"id":9})";
}

std::string nested(std::size_t depth) {
  return publication(std::string(depth, '[') + std::string(depth, ']'));
}

struct BadCommand {
  const char* name;
  std::string line;
  int code = centrifuge_error::bad_request;
};

/// Names the test.
void PrintTo(const BadCommand& command, std::ostream* out) {
  *out << command.name;
}

class CentrifugeBadCommand : public testing::TestWithParam<BadCommand> {
 protected:
  CentrifugeBadCommand() {
    client_.connect();
    client_.subscribe("tea");
  }

  RunningServer server_;
  CentrifugeClient client_{server_.port()};
};

TEST_P(CentrifugeBadCommand, GetsErrorAndKeepsConnection) {
  client_.socket().send_text(GetParam().line);
  const json::object refused = client_.read();
  EXPECT_EQ(refused.at("id"), 9);
  EXPECT_EQ(error_of(refused), GetParam().code);
  EXPECT_EQ(client_.publish("tea", R"("whole")").size(), 0);
  EXPECT_EQ(client_.read_push().at("data"), "whole");
}

TEST_P(CentrifugeBadCommand, DoesNotAffectOthersOfFrame) {
  const std::string before = command(7, "publish", publish_request("tea", "7"));
  const std::string after = command(11, "presence_stats", channel_request("tea"));
  client_.socket().send_text(before + '\n' + GetParam().line + '\n' + after);
  std::vector<std::pair<std::int64_t, int>> replies;
  while (replies.size() != 3) {
    const json::object line = client_.read();
    if (!line.contains("push")) replies.emplace_back(line.at("id").as_int64(), error_of(line));
  }
  // The reply to publish comes when the broker has stored the publication. Other replies do not wait for it.
  EXPECT_THAT(replies, testing::UnorderedElementsAre(std::pair(7, 0), std::pair(9, GetParam().code),
                                                     std::pair(11, 0)));
}

INSTANTIATE_TEST_SUITE_P(
    , CentrifugeBadCommand,
    testing::Values(
        BadCommand{"HalfAnEmoji", publication(R"("cut \ud83d")")},
        BadCommand{"OtherHalfOfAnEmoji", publication(R"("\ude00 cut")")},
        BadCommand{"HalfAnEmojiInAKey", publication(R"({"\ud83d":{"id":3}})")},
        BadCommand{"HalfAnEmojiInAnObject", publication(R"({"text":"\ud83d","id":"1"})")},
        BadCommand{"HalfAnEmojiOfASubscription", R"({"id":9,"subscribe":{"channel":"a","data":"\ud83d"}})"},
        BadCommand{"HalfAnEmojiOfAChannel", R"({"id":9,"subscribe":{"channel":"\ud83d"}})"},
        BadCommand{"DeepNesting", nested(40)}, BadCommand{"VeryDeepNesting", nested(30'000)},
        BadCommand{"NoNumber", publication("NaN")}, BadCommand{"NoJson", publication("'text'")},
        BadCommand{"RawControlCharacter", publication("\"a\tb\"")},
        BadCommand{"BadEscape", publication(R"("\x41")")}, BadCommand{"TrailingComma", publication("[1,]")},
        BadCommand{"MoreBehindIt", publication("1") + " {}"},
        BadCommand{"ZeroByteBehindIt", publication("1") + std::string(1, '\0')},
        BadCommand{"WrongType", R"({"id":9,"publish":{"channel":7,"data":1}})"},
        BadCommand{"WrongTypeOfANumber", R"({"id":9,"history":{"channel":"tea","limit":"1"}})"},
        BadCommand{"FractionInPlaceOfALimit", R"({"id":9,"history":{"channel":"tea","limit":1.5}})"},
        BadCommand{"HugeLimit", R"({"id":9,"history":{"channel":"tea","limit":1e300}})"},
        BadCommand{"NoObject", R"({"id":9,"publish":[1]})"},
        BadCommand{"TwoMethods", R"({"publish":{},"subscribe":{},"id":9})"},
        BadCommand{"NoMethod", R"({"id":9})"},
        BadCommand{"UnknownMethod", R"({"id":9,"sing":{}})", centrifuge_error::method_not_found},
        BadCommand{"ConnectedTwice", R"({"id":9,"connect":{}})"},
        BadCommand{"NoChannel", R"({"id":9,"subscribe":{}})"},
        BadCommand{"NoChannelToPublishIn", R"({"id":9,"publish":{"data":1}})"},
        BadCommand{"NoChannelToLeave", R"({"id":9,"unsubscribe":{}})"},
        BadCommand{"NoToken", R"({"id":9,"refresh":{}})"},
        BadCommand{"NoTokenOfASubscription", R"({"id":9,"sub_refresh":{"channel":"tea"}})"}),
    [](const auto& one) { return one.param.name; });

class CentrifugeUnusualCommand : public CentrifugeBadCommand {};

TEST_P(CentrifugeUnusualCommand, IsAccepted) {
  client_.socket().send_text(GetParam().line);
  const json::object reply = client_.read();
  EXPECT_EQ(reply.at("id"), 9);
  EXPECT_EQ(error_of(reply), 0);
}

const std::string stats = command(9, "presence_stats", channel_request("tea"));

INSTANTIATE_TEST_SUITE_P(
    , CentrifugeUnusualCommand,
    testing::Values(
        BadCommand{"ByteOrderMark", "\xef\xbb\xbf" + stats}, BadCommand{"LineEndOfWindows", stats + "\r\n"},
        BadCommand{"BlankLines", "\n \r\n" + stats + "\n\n"}, BadCommand{"WhiteSpace", "\t " + stats + " \t"},
        BadCommand{"WholeNumberAsReal", R"({"id":9.0,"presence_stats":{"channel":"tea"}})"},
        BadCommand{"WholeNumberWithExponent", R"({"id":0.9e1,"presence_stats":{"channel":"tea"}})"},
        BadCommand{"LimitAsReal", R"({"id":9,"history":{"channel":"tea","limit":10.0}})"},
        BadCommand{"NegativeZero", R"({"id":9,"history":{"channel":"tea","limit":-0}})"},
        BadCommand{"PositionAsReal",
                   R"({"id":9,"history":{"channel":"tea","limit":1,"since":{"offset":0.0}}})"},
        BadCommand{"UnknownFields", R"({"x":1,"id":9,"presence_stats":{"channel":"tea","y":[{}]}})"},
        BadCommand{"FieldTwice", R"({"id":9,"presence_stats":{"channel":"milk","channel":"tea"}})"}),
    [](const auto& one) { return one.param.name; });

TEST(CentrifugeCommands, RejectsMisleadingRoomNames) {
  const RunningServer server;
  CentrifugeClient client(server.port());
  client.connect();
  for (const char* room : {"lobby\u200b", "lobby ", "\u3164", "\u202egnp.ybbol", "Zoe\u0308"}) {
    const std::string request = publish_request(room, "1");
    for (const char* method : {"subscribe", "publish", "presence", "presence_stats", "history"})
      EXPECT_EQ(error_of(client.call(method, request)), centrifuge_error::bad_request)
          << room << ' ' << method;
  }
  const json::object refused = client.subscribe(R"(Zoe\u0308)");
  EXPECT_THAT(refused.at("error").at("message").as_string().c_str(), testing::HasSubstr("NFC"));
  EXPECT_EQ(error_of(client.subscribe(R"(Zo\u00eb)")), 0);
  EXPECT_EQ(server.rooms(), 1);
}

TEST(CentrifugeCommands, ReportsLimitsOnConnect) {
  auto options = test_options();
  options.application.limits.max_message_size = 2048;
  const RunningServer server(options);
  CentrifugeClient client(server.port());
  EXPECT_EQ(client.connect().at("data"),
            json::parse(R"({"limits":{"message_size":2048,"text_size":16384}})"));
}

TEST(CentrifugeCommands, IsAcceptedInBinaryFrame) {
  const RunningServer server;
  CentrifugeClient client(server.port());
  client.socket().send_frame(opcode::binary, command(1, "connect"));
  EXPECT_TRUE(client.read().contains("connect"));
}

TEST(CentrifugeCommands, AcceptsLargeIds) {
  const RunningServer server;
  CentrifugeClient client(server.port());
  client.socket().send_text(command(1764456030123, "connect"));
  EXPECT_EQ(client.read().at("id"), 1764456030123);
}

TEST(CentrifugeCommands, IsRejectedBeforeConnect) {
  const RunningServer server;
  CentrifugeClient client(server.port());
  EXPECT_EQ(error_of(client.subscribe("tea")), centrifuge_error::bad_request);
  EXPECT_EQ(error_of(client.call("connect", R"({"name":7})")), centrifuge_error::bad_request);
  EXPECT_TRUE(client.connect().contains("client"));
  EXPECT_EQ(error_of(client.subscribe("tea")), 0);
}

/// Returns the text of a field in a line of JSON.
std::string field(const std::string& line, const std::string& name) {
  const std::size_t begin = line.find('"' + name + R"(":")") + name.size() + 4;
  return line.substr(begin, line.find('"', begin) - begin);
}

TEST(CentrifugeCommands, IsRejectedOneByOneInStream) {
  const RunningServer server;
  TcpClient stream(server.port());
  stream.send(
      RequestBuilder("POST", "/connection/http_stream")
          .body(command(1, "connect") + '\n' + command(2, "publish", publish_request("tea", R"("\ud83d")"))));
  const std::string connected = stream.read_until(R"("code":107)");
  const auto emulate = [&](const std::string& commands) {
    const json::object body{
        {"session", field(connected, "session")}, {"node", field(connected, "node")}, {"data", commands}};
    TcpClient caller(server.port());
    caller.send(RequestBuilder("POST", "/emulation").body(json::serialize(body)));
    return caller.read_until("\r\n\r\n");
  };
  const std::string large = '"' + std::string(64 * 1024, 'x') + '"';
  EXPECT_THAT(emulate(command(3, "publish", publish_request("tea", large))), testing::HasSubstr(" 413 "));
  EXPECT_THAT(emulate(command(4, "subscribe", channel_request("tea"))), testing::HasSubstr(" 204 "));
  EXPECT_THAT(stream.read_until(R"("subscribe":)"), testing::HasSubstr(R"("id":4)"));
}

TEST(CentrifugeCommands, CountsProtocolErrors) {
  const RunningServer server;
  CentrifugeClient client(server.port());
  client.connect();
  for (int number = 0; number != 3; ++number) client.call("subscribe");
  EXPECT_EQ(server.count(Counter::protocol_errors), 3);
}

}  // namespace
}  // namespace coroom::test
