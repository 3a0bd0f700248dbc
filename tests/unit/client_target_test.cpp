#include "websocket/client_target.hpp"

#include <gtest/gtest.h>

namespace coroom::detail::websocket {
namespace {

TEST(ClientTarget, HasThePartsOfTheUrl) {
  const auto target = parse_client_target("ws://example.org/chat?room=tea");
  ASSERT_TRUE(target);
  EXPECT_FALSE(target->secure);
  EXPECT_EQ(target->host, "example.org");
  EXPECT_EQ(target->port, "80");
  EXPECT_EQ(target->authority, "example.org");
  EXPECT_EQ(target->path, "/chat?room=tea");
  EXPECT_EQ(target->name, "ws://example.org/chat") << "a query may contain a secret";
}

TEST(ClientTarget, NamesANonDefaultPort) {
  const auto target = parse_client_target("wss://[::1]:8443");
  ASSERT_TRUE(target);
  EXPECT_TRUE(target->secure);
  EXPECT_EQ(target->host, "::1");
  EXPECT_EQ(target->authority, "[::1]:8443");
  EXPECT_EQ(target->path, "/");
}

TEST(ClientTarget, EncodesCharactersBrowsersDoNotEncode) {
  const auto target = parse_client_target("ws://example.org/r/[team]?room=a|b&note=100%&who=caf\xc3\xa9%7C");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/r/%5Bteam%5D?room=a%7Cb&note=100%25&who=caf%C3%A9%7C");
  EXPECT_EQ(target->authority, "example.org");
}

TEST(ClientTarget, RejectsUrlsThatAreNotWebSocket) {
  for (const auto* url :
       {"", "nonsense", "http://example.org/", "ws://", "ws://a b/", "ws://a|b/", "ws://a/ b", "ws://a/\n",
        "ws://example.org/#part", "ws://user:secret@example.org/", "http://user:secret@example.org/",
        "ws://example.org:0/", "ws://example.org:65536/", "ws://example.org:80x/"}) {
    const auto target = parse_client_target(url);
    EXPECT_FALSE(target) << url;
    if (!target) {
      EXPECT_EQ(target.error().message.find("secret"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace coroom::detail::websocket
