#include "auth/subscription_claims.hpp"

#include "auth/claims.hpp"
#include "support/signing_key.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace coroom::detail::auth {
namespace {

using test::base64;

SubscriptionClaims rooms_of(std::string_view claims) {
  const auto read = read_claims(claims);
  EXPECT_TRUE(read) << claims << ": " << (read ? "" : read.error().detail);
  return read ? read->subscriptions : SubscriptionClaims();
}

/// Returns the detail of the fault; "accepted" if there is none.
std::string fault_of(std::string_view claims) {
  const auto read = read_claims(claims);
  if (read) return "accepted";
  EXPECT_EQ(read.error().cause, TokenCause::claim_type);
  return read.error().detail;
}

std::string fault_of_room(const std::string& fields) {
  return fault_of(R"({"subs":{"news":{)" + fields + "}}}");
}

std::string fault_of_subscription(const std::string& fields) {
  return fault_of(R"({"channel":"tea",)" + fields + "}");
}

TEST(SubscriptionClaims, ReadsChannels) {
  const SubscriptionClaims expected{{"news", {}}, {"tea", {}}};
  EXPECT_EQ(rooms_of(R"({"channels":["tea","news","tea"]})"), expected);
  EXPECT_EQ(rooms_of(R"({"channels":["tea","news"],"subs":{}})"), expected);
  EXPECT_EQ(rooms_of(R"({"channels":["tea","news"],"subs":null})"), expected);
  EXPECT_EQ(rooms_of(R"({"channels":[]})"), SubscriptionClaims());
  EXPECT_EQ(rooms_of(R"({"channels":null})"), SubscriptionClaims());
  EXPECT_EQ(rooms_of("{}"), SubscriptionClaims());
}

TEST(SubscriptionClaims, PrefersSubsToChannels) {
  EXPECT_EQ(rooms_of(R"({"channels":["tea"],"subs":{"news":{}}})"), (SubscriptionClaims{{"news", {}}}));
  EXPECT_EQ(rooms_of(R"({"channels":7,"subs":{"news":{}}})"), (SubscriptionClaims{{"news", {}}}));
}

TEST(SubscriptionClaims, RejectsChannelsOfOtherTypes) {
  EXPECT_EQ(fault_of(R"({"channels":"tea"})"), "channels is not an array");
  EXPECT_EQ(fault_of(R"({"channels":{"tea":{}}})"), "channels is not an array");
  EXPECT_EQ(fault_of(R"({"channels":["tea",7]})"), "channels has an element that is not a string");
  EXPECT_EQ(fault_of(R"({"channels":[null]})"), "channels has an element that is not a string");
}

TEST(SubscriptionClaims, ReadsAllFieldsOfARoom) {
  const auto rooms = rooms_of(
      R"({"subs":{"news":{"info":{"a" : 1},"data":[1, 2],"other":7,"override":{
          "presence":{"value":true},"join_leave":{"value":false},"force_push_join_leave":{"value":true},
          "force_recovery":{"value":false},"force_positioning":{"value":true}}},"tea":{"info":null}}})");
  ASSERT_EQ(rooms.size(), 2);
  EXPECT_EQ(rooms.at("tea"), ServerSubscription());
  const ServerSubscription& news = rooms.at("news");
  EXPECT_EQ(news.info, R"({"a":1})");
  EXPECT_EQ(news.data, "[1,2]");
  EXPECT_EQ(news.overrides, (SubscriptionOverrides{.presence = true,
                                                   .join_leave = false,
                                                   .force_push_join_leave = true,
                                                   .force_recovery = false,
                                                   .force_positioning = true}));
}

TEST(SubscriptionClaims, DecodesBase64OfJson) {
  const auto rooms = rooms_of(R"({"subs":{"news":{"b64info":")" + base64("{\"a\":\n1}") + R"(","b64data":")" +
                              base64("7") + R"(","info":null}}})");
  EXPECT_EQ(rooms.at("news").info, R"({"a": 1})") << "in one line";
  EXPECT_EQ(rooms.at("news").data, "7");
}

TEST(SubscriptionClaims, RejectsOtherBase64) {
  EXPECT_EQ(fault_of_room(R"("b64info":"e30")"), "subs: news: b64info is not base64") << "no padding";
  EXPECT_EQ(fault_of_room(R"("b64info":" e30=")"), "subs: news: b64info is not base64");
  EXPECT_EQ(fault_of_room(R"("b64data":"e3-0")"), "subs: news: b64data is not base64");
  EXPECT_EQ(fault_of_room(R"("b64data":7)"), "subs: news: b64data is not a string");
  EXPECT_EQ(fault_of_room(R"("b64info":"")"), "subs: news: b64info is not the base64 of JSON");
  EXPECT_EQ(fault_of_room(R"("b64info":")" + base64("{}{}") + '"'),
            "subs: news: b64info is not the base64 of JSON");
  EXPECT_EQ(fault_of_room(R"("b64info":")" + base64("\"\xff\"") + '"'),
            "subs: news: b64info is not the base64 of JSON");
}

TEST(SubscriptionClaims, RejectsJsonBesideBase64) {
  EXPECT_EQ(fault_of_room(R"("info":1,"b64info":"e30=")"), "subs: news: info and b64info exclude each other");
  EXPECT_EQ(fault_of_room(R"("data":1,"b64data":"e30=")"), "subs: news: data and b64data exclude each other");
  EXPECT_EQ(fault_of(R"({"info":1,"b64info":"e30="})"), "info and b64info exclude each other");
}

TEST(SubscriptionClaims, RejectsRoomsOfOtherTypes) {
  EXPECT_EQ(fault_of(R"({"subs":["news"]})"), "subs is not an object");
  EXPECT_EQ(fault_of(R"({"subs":{"news":true}})"), "subs: news is not an object");
  EXPECT_EQ(fault_of(R"({"subs":{"news":null}})"), "subs: news is not an object");
}

TEST(SubscriptionClaims, RejectsUnknownOverrides) {
  EXPECT_EQ(fault_of_room(R"("override":{"recovery":{"value":true}})"),
            "subs: news: override: recovery is not known");
  EXPECT_EQ(fault_of_room(R"("override":{"a\nb":null})"), "subs: news: override: a\\u{A}b is not known");
  const std::string longest(64, 'a');
  EXPECT_EQ(fault_of_room(R"("override":{")" + longest + R"(aaa":null})"),
            "subs: news: override: " + longest + "… is not known");
}

TEST(SubscriptionClaims, RejectsOverridesOfOtherTypes) {
  EXPECT_EQ(fault_of_room(R"("override":[])"), "subs: news: override is not an object");
  EXPECT_EQ(fault_of_room(R"("override":{"presence":true})"),
            "subs: news: override: presence is not an object");
  for (const char* wrong : {"{}", R"({"value":1})", R"({"value":null})", R"({"value":"true"})"})
    EXPECT_EQ(fault_of_room(R"("override":{"presence":)" + std::string(wrong) + "}"),
              "subs: news: override: presence has no value of true or false")
        << wrong;
  EXPECT_EQ(fault_of_room(R"("override":null)"), "accepted");
  EXPECT_EQ(fault_of_room(R"("override":{"presence":null})"), "accepted");
}

TEST(SubscriptionClaims, BoundsTheNumberOfRooms) {
  const auto claims = [](int rooms) {
    std::string channels;
    std::string subs;
    for (int room = 0; room != rooms; ++room) {
      const std::string name = '"' + std::to_string(room) + '"';
      channels.append(channels.empty() ? "" : ",").append(name);
      subs.append(subs.empty() ? "" : ",").append(name).append(":{}");
    }
    return std::pair(R"({"channels":[)" + channels + "]}", R"({"subs":{)" + subs + "}}");
  };
  EXPECT_EQ(rooms_of(claims(1024).first).size(), 1024);
  EXPECT_EQ(rooms_of(claims(1024).second).size(), 1024);
  EXPECT_EQ(fault_of(claims(1025).first), "channels has more than 1024 rooms");
  EXPECT_EQ(fault_of(claims(1025).second), "subs has more than 1024 rooms");
}

TEST(SubscriptionClaims, ReadsThoseOfASubscriptionToken) {
  const auto read = read_claims(R"({"channel":"tea","b64info":")" + base64("1") + R"(","b64data":")" +
                                base64("2") + R"(","override":{"presence":{"value":false}},"subs":7})");
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read->info, "1");
  EXPECT_EQ(read->data, "2");
  EXPECT_EQ(read->overrides, SubscriptionOverrides{.presence = false});
  EXPECT_TRUE(read->subscriptions.empty()) << "only a connection token has rooms";
  EXPECT_EQ(fault_of_subscription(R"("b64info":"x")"), "b64info is not base64");
  EXPECT_EQ(fault_of_subscription(R"("b64data":"x")"), "b64data is not base64");
  EXPECT_EQ(fault_of_subscription(R"("override":7)"), "override is not an object");
}

TEST(SubscriptionClaims, IgnoresThoseOfTheOtherKind) {
  EXPECT_EQ(fault_of(R"({"override":7,"b64data":7})"), "accepted");
  EXPECT_EQ(fault_of(R"({"channel":"tea","meta":7,"channels":7})"), "accepted");
}

}  // namespace
}  // namespace coroom::detail::auth
