#include "centrifuge/encoded_reply.hpp"

#include <boost/uuid/string_generator.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <memory>
#include <string>

namespace coroom::detail::centrifuge {
namespace {

using namespace std::chrono_literals;

std::string push_of(const Publication& publication) {
  return encoded_push(Encoding::json, std::string_view("tea"), publication);
}

SharedClientInfo ann() {
  auto client_info = std::make_shared<ClientInfo>("192.0.2.1");
  client_info->client_id = boost::uuids::string_generator()("00112233-4455-6677-8899-aabbccddeeff");
  client_info->user = "ann";
  client_info->conn_info = R"({"a":1})";
  return client_info;
}

TEST(JsonReply, WritesAPublication) {
  Publication publication(Publication::Kind::json, ann(), R"({"text":"x"})");
  publication.offset = std::numeric_limits<std::uint64_t>::max();
  publication.time = Clock::TimePoint(1500ms);
  EXPECT_EQ(push_of(publication),
            R"({"push":{"channel":"tea","pub":{"data":{"text":"x"},"info":{"user":"ann",)"
            R"("client":"00112233-4455-6677-8899-aabbccddeeff","conn_info":{"a":1}},)"
            R"("offset":18446744073709551615,"time":1500}}})");
}

TEST(JsonReply, RemovesWhiteSpaceBetweenTokens) {
  const Publication publication(Publication::Kind::json, nullptr,
                                "\n[1,\r\n\n2, \" \\\\\", { \"a \\\" b\" : 3 }]\r");
  EXPECT_EQ(push_of(publication), R"({"push":{"channel":"tea","pub":{"data":[1,2," \\",{"a \" b":3}]}}})");
}

TEST(JsonReply, EscapesText) {
  for (const char* const text : {"\"", "\\", "\n", "\x1f"}) {
    const Publication publication(Publication::Kind::text, nullptr, std::string(70, 'a') + text);
    const std::string push = push_of(publication);
    EXPECT_EQ(push.find('\n'), std::string::npos);
    EXPECT_NE(push.find("a\\"), std::string::npos) << push;
  }
  const Publication plain(Publication::Kind::text, nullptr, "caf\xc3\xa9 \x7f/");
  EXPECT_EQ(push_of(plain), "{\"push\":{\"channel\":\"tea\",\"pub\":{\"data\":\"caf\xc3\xa9 \x7f/\"}}}");
}

TEST(JsonReply, WritesJoinsAndErrors) {
  EXPECT_EQ(push_of(Publication(Publication::Kind::leave, ann(), "")),
            R"({"push":{"channel":"tea","leave":{"info":{"user":"ann",)"
            R"("client":"00112233-4455-6677-8899-aabbccddeeff","conn_info":{"a":1}}}}})");
  EXPECT_EQ(encoded_reply(Encoding::json, 7, error::too_many_requests),
            R"({"id":7,"error":{"code":111,"message":"too many requests","temporary":true}})");
  EXPECT_EQ(encoded_reply(Encoding::json, 0, PublishResult()), R"({"id":0,"publish":{}})");
}

}  // namespace
}  // namespace coroom::detail::centrifuge
