#include "centrifuge/protobuf_reply.hpp"

#include "testkit/protobuf.hpp"

#include <boost/uuid/string_generator.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::detail::centrifuge::protobuf {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testkit::from_hex;
using testkit::ProtobufFields;
using testkit::ProtobufMessage;

constexpr std::string_view ann_id = "00112233-4455-6677-8899-aabbccddeeff";

SharedClientInfo ann() {
  auto client_info = std::make_shared<ClientInfo>("192.0.2.1");
  client_info->client_id = boost::uuids::string_generator()(std::string(ann_id));
  client_info->user = "42";
  client_info->conn_info = R"({"n":1})";
  return client_info;
}

template <class Result>
std::string reply_of(std::uint64_t id, const Result& result) {
  std::string out;
  append_reply(out, id, result);
  return out;
}

template <class... Content>
std::string push_of(const Content&... content) {
  std::string out;
  append_push(out, content...);
  return out;
}

/// Returns the message in a field of a reply or of a push.
ProtobufFields field_of(std::string_view bytes, std::uint32_t field) {
  return ProtobufFields::of_delimited(bytes).message(field);
}

Recovered recovered_state() {
  Recovered state;
  state.recoverable = true;
  state.positioned = true;
  state.position = {301, "xyz"};
  state.was_recovering = true;
  state.recovered = true;
  Publication publication(Publication::Kind::json, nullptr, "1");
  publication.offset = 301;
  state.publications.push_back(publication);
  return state;
}

constexpr std::uint32_t push = 4;

TEST(ProtobufReply, WritesConnects) {
  ConnectResult result;
  result.client = "c1";
  result.version = "0.1";
  result.ping = 25;
  result.pong = true;
  EXPECT_EQ(reply_of(1, result), from_hex("11 08 01 2a 0d 0a 02 63 31 12 03 30 2e 31 38 19 40 01"));

  ConnectResult with_subs;
  with_subs.client = "c1";
  SubscribeResult news;
  news.state.recoverable = true;
  news.state.position = {7, "e"};
  with_subs.subs.emplace_back("news", news);
  EXPECT_EQ(reply_of(1, with_subs),
            from_hex("19 08 01 2a 15 0a 02 63 31 32 0f 0a 04 6e 65 77 73 12 07 18 01 32 "
                     "01 65 48 07"));
}

TEST(ProtobufReply, WritesAllFieldsOfAConnect) {
  ConnectResult result;
  result.client = "c1";
  result.version = "0.1";
  result.lifetime = {60};
  result.data = "{}";
  result.subs.emplace_back("news", SubscribeResult());
  result.ping = 25;
  result.pong = true;
  result.session = "s";
  result.node = "n";
  const auto connect = field_of(reply_of(1, result), 5);
  EXPECT_THAT(connect.tags(), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
  EXPECT_EQ(connect.number(4), 60U);
  EXPECT_EQ(connect.text(5), "{}");
  EXPECT_EQ(connect.text(6), ProtobufMessage().text(1, "news").text(2, "").bytes());
  EXPECT_EQ(connect.text(9), "s");
  EXPECT_EQ(connect.text(10), "n");
}

TEST(ProtobufReply, WritesASubscribe) {
  SubscribeResult result;
  result.state = recovered_state();
  EXPECT_EQ(reply_of(2, result),
            from_hex("1c 08 02 32 18 18 01 32 03 78 79 7a 3a 06 22 01 31 30 ad 02 40 01 48 ad "
                     "02 50 01 60 01"));
  result.lifetime = {60};
  result.data = "[]";
  const auto subscribe = field_of(reply_of(2, result), 6);
  EXPECT_THAT(subscribe.tags(), ElementsAre(1, 2, 3, 6, 7, 8, 9, 10, 11, 12));
  EXPECT_EQ(subscribe.number(2), 60U);
  EXPECT_EQ(subscribe.text(11), "[]");
}

TEST(ProtobufReply, WritesEmptyResults) {
  EXPECT_EQ(reply_of(3, PublishResult()), from_hex("04 08 03 42 00"));
  EXPECT_EQ(reply_of(3, UnsubscribeResult()), from_hex("04 08 03 3a 00"));
  EXPECT_EQ(reply_of(3, SubscribeResult()), from_hex("04 08 03 32 00"));
  EXPECT_EQ(reply_of(3, ConnectResult()), from_hex("04 08 03 2a 00"));
  EXPECT_EQ(reply_of(3, PresenceResult{std::make_shared<Presence>()}), from_hex("04 08 03 4a 00"));
  EXPECT_EQ(reply_of(3, PresenceStatsResult()), from_hex("04 08 03 52 00"));
  EXPECT_EQ(reply_of(3, HistoryResult()), from_hex("04 08 03 5a 00"));
  EXPECT_EQ(reply_of(3, RpcResult()), from_hex("04 08 03 6a 00"));
  EXPECT_EQ(reply_of(3, RefreshResult()), from_hex("04 08 03 72 00"));
  EXPECT_EQ(reply_of(3, SubRefreshResult()), from_hex("04 08 03 7a 00"));
  EXPECT_EQ(reply_of(0, PublishResult()), from_hex("02 42 00"));
}

TEST(ProtobufReply, WritesAnError) {
  EXPECT_EQ(reply_of(3, CentrifugeError{111, "too many requests", true}),
            from_hex("1b 08 03 12 17 08 6f 12 11 74 6f 6f 20 6d 61 6e 79 20 72 65 71 75 65 73 74 73 18 01"));
}

TEST(ProtobufReply, WritesAPresence) {
  auto presence = std::make_shared<Presence>();
  presence->members = {ann(), ann()};
  const auto result = field_of(reply_of(5, PresenceResult{presence}), 9);
  ASSERT_EQ(result.messages(1).size(), 2U);
  const auto entry = result.messages(1).front();
  EXPECT_EQ(entry.text(1), ann_id);
  const auto info = ProtobufMessage().text(1, "42").text(2, ann_id).text(3, R"({"n":1})");
  EXPECT_EQ(entry.text(2), info.bytes());
}

TEST(ProtobufReply, WritesOtherResults) {
  EXPECT_EQ(reply_of(3, PresenceStatsResult{3, 2}), from_hex("08 08 03 52 04 08 03 10 02"));
  EXPECT_EQ(reply_of(3, RpcResult{"1"}), from_hex("07 08 03 6a 03 0a 01 31"));
  EXPECT_EQ(reply_of(3, SubRefreshResult{{60}}), from_hex("08 08 03 7a 04 08 01 10 3c"));
  const auto refresh = field_of(reply_of(3, RefreshResult{"c1", "0.1", {60}}), 14);
  EXPECT_THAT(refresh.tags(), ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(refresh.text(1), "c1");
  EXPECT_EQ(refresh.text(2), "0.1");
  EXPECT_EQ(refresh.number(4), 60U);
}

TEST(ProtobufReply, WritesAHistory) {
  HistoryResult result;
  result.history.publications = recovered_state().publications;
  result.history.publications.emplace_back();
  result.history.top = {302, "xyz"};
  const auto history = field_of(reply_of(3, result), 11);
  EXPECT_THAT(history.tags(), ElementsAre(1, 1, 2, 3));
  EXPECT_EQ(history.message(1).number(6), 301U);
  EXPECT_EQ(history.text(2), "xyz");
  EXPECT_EQ(history.number(3), 302U);
}

TEST(ProtobufReply, WritesAPublication) {
  Publication publication(Publication::Kind::json, ann(), R"({"a":1})");
  publication.offset = 302;
  publication.time = Clock::TimePoint(1795981587897ms);
  const auto info = ProtobufMessage().text(1, "42").text(2, ann_id).text(3, R"({"n":1})");
  const auto pub = ProtobufMessage()
                       .raw(from_hex("22 07 7b 22 61 22 3a 31 7d"))
                       .message(5, info)
                       .raw(from_hex("30 ae 02 48 b9 eb e0 c6 a2 34"));
  EXPECT_EQ(push_of("tea", publication),
            ProtobufMessage().message(push, ProtobufMessage().text(2, "tea").message(4, pub)).delimited());
}

TEST(ProtobufReply, WritesTheVectorOfAPublication) {
  Publication publication(Publication::Kind::json, nullptr, R"({"a":1})");
  publication.offset = 302;
  publication.time = Clock::TimePoint(1795981587897ms);
  EXPECT_EQ(
      push_of("tea", publication),
      from_hex("1c 22 1a 12 03 74 65 61 22 13 22 07 7b 22 61 22 3a 31 7d 30 ae 02 48 b9 eb e0 c6 a2 34"));
}

TEST(ProtobufReply, LeavesOutAnAuthorWithoutId) {
  Publication publication(Publication::Kind::json, std::make_shared<ClientInfo>("192.0.2.1"), "1");
  EXPECT_EQ(push_of("tea", publication), from_hex("0c 22 0a 12 03 74 65 61 22 03 22 01 31"));
}

TEST(ProtobufReply, WritesDataOfEachKind) {
  const auto data_of = [](Publication::Kind kind, std::string data) {
    return field_of(push_of("tea", Publication(kind, nullptr, std::move(data))), push).message(4).text(4);
  };
  EXPECT_EQ(data_of(Publication::Kind::json, "{\"a\": 1}\n"), "{\"a\": 1}\n");
  EXPECT_EQ(data_of(Publication::Kind::text, "he\"llo\n"), R"("he\"llo\n")");
  EXPECT_EQ(data_of(Publication::Kind::text, ""), R"("")");
  EXPECT_EQ(data_of(Publication::Kind::binary, std::string("\0\xff", 2)), std::string("\0\xff", 2));
}

TEST(ProtobufReply, WritesTags) {
  Publication publication(Publication::Kind::json, nullptr, "1");
  publication.tags = std::make_shared<Tags>(Tags{{"a", "1"}, {"b", ""}});
  publication.offset = std::numeric_limits<std::uint64_t>::max();
  const auto pub = field_of(push_of("tea", publication), push).message(4);
  EXPECT_THAT(pub.tags(), ElementsAre(4, 6, 7, 7));
  EXPECT_EQ(pub.number(6), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(pub.text(7), ProtobufMessage().text(1, "a").text(2, "1").bytes());
  EXPECT_EQ(pub.messages(7).back().text(1), "b");
}

TEST(ProtobufReply, WritesJoinsAndLeaves) {
  const auto info = ProtobufMessage().text(1, "42").text(2, ann_id).text(3, R"({"n":1})");
  const auto expected = [&info](std::uint32_t field) {
    const auto content = ProtobufMessage().text(2, "tea").message(field, ProtobufMessage().message(1, info));
    return ProtobufMessage().message(push, content).delimited();
  };
  EXPECT_EQ(push_of("tea", Publication(Publication::Kind::join, ann(), "")), expected(5));
  EXPECT_EQ(push_of("tea", Publication(Publication::Kind::leave, ann(), "")), expected(6));
}

TEST(ProtobufReply, WritesOtherPushes) {
  EXPECT_EQ(
      push_of("tea", Unsubscribe{2501, "subscription expired"}),
      from_hex("22 22 20 12 03 74 65 61 3a 19 10 c5 13 1a 14 73 75 62 73 63 72 69 70 74 69 6f 6e 20 65 78 70 "
               "69 72 65 64"));
  SubscribePush subscribe;
  subscribe.state.recoverable = true;
  subscribe.state.positioned = true;
  subscribe.state.position = {7, "e"};
  EXPECT_EQ(push_of("news", subscribe),
            from_hex("13 22 11 12 04 6e 65 77 73 4a 09 08 01 22 01 65 28 07 30 01"));
  subscribe.data = "{}";
  EXPECT_EQ(field_of(push_of("news", subscribe), push).message(9).text(7), "{}");
  EXPECT_EQ(push_of(Disconnect{3501, "bad request"}),
            from_hex("14 22 12 5a 10 08 ad 1b 12 0b 62 61 64 20 72 65 71 75 65 73 74"));
  EXPECT_EQ(push_of(MessagePush{"{}"}), from_hex("08 22 06 42 04 0a 02 7b 7d"));
}

TEST(ProtobufReply, AppendsWithLongLengths) {
  std::string out = reply_of(3, PublishResult());
  const std::string first = out;
  append_reply(out, 4, RpcResult{std::string(70'000, '1')});
  ASSERT_TRUE(out.starts_with(first));
  const auto reply = ProtobufFields::of_delimited(std::string_view(out).substr(first.size()));
  EXPECT_EQ(reply.number(1), 4U);
  EXPECT_EQ(reply.message(13).text(1).size(), 70'000U);
}

}  // namespace
}  // namespace coroom::detail::centrifuge::protobuf
