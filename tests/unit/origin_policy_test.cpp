#include "auth/origin_policy.hpp"

#include <gtest/gtest.h>

namespace coroom::auth {
namespace {

bool allows(const std::vector<std::string>& allowed, const char* origin, const char* host) {
  Request request;
  if (origin != nullptr) request.headers.add("Origin", origin);
  if (host != nullptr) request.headers.add("Host", host);
  return OriginPolicy::make(allowed)->allows(request);
}

TEST(OriginPolicy, WithoutAListTheSameHostAndPortMayConnect) {
  EXPECT_TRUE(allows({}, "http://chat.example:8000", "chat.example:8000"));
  EXPECT_TRUE(allows({}, "HTTP://Chat.Example", "chat.example:80"));
  EXPECT_TRUE(allows({}, "https://chat.example", "chat.example")) << "a proxy spoke TLS";
  EXPECT_TRUE(allows({}, "http://[::1]:8000", "[::1]:8000"));
  EXPECT_FALSE(allows({}, "http://chat.example:8001", "chat.example:8000"));
  EXPECT_FALSE(allows({}, "http://evil.example:8000", "chat.example:8000"));
  EXPECT_FALSE(allows({}, "http://chat.example.evil.example:8000", "chat.example:8000"));
}

TEST(OriginPolicy, NoOriginIsNoBrowser) {
  EXPECT_TRUE(allows({}, nullptr, "chat.example"));
}

TEST(OriginPolicy, AnOriginThatIsNoneIsRefused) {
  for (const char* origin :
       {"null", "", "chat.example", "http://", "http://u@chat.example", "http://chat.example/x"}) {
    EXPECT_FALSE(allows({}, origin, "chat.example")) << origin;
  }
  EXPECT_FALSE(allows({}, "http://chat.example", nullptr));
}

TEST(OriginPolicy, AListAddsOthers) {
  const std::vector<std::string> list = {"https://a.example", "http://b.example:81"};
  EXPECT_TRUE(allows(list, "https://a.example:443", "x"));
  EXPECT_TRUE(allows(list, "http://b.example:81", "x"));
  EXPECT_FALSE(allows(list, "http://a.example", "x")) << "another scheme is another origin";
  EXPECT_TRUE(allows(list, "http://x", "x"));
}

TEST(OriginPolicy, AStarLetsAllIn) {
  EXPECT_TRUE(allows({"*"}, "http://anything.example", "x"));
  EXPECT_TRUE(allows({"*"}, "null", "x"));
}

TEST(OriginPolicy, AnEntryThatIsNoOriginIsRefusedByName) {
  for (const char* entry : {"chat.example", "http://a/b", ""}) {
    const auto policy = OriginPolicy::make({entry});
    ASSERT_FALSE(policy) << entry;
    EXPECT_NE(policy.error().message.find("'" + std::string(entry) + "'"), std::string::npos);
  }
}

}  // namespace
}  // namespace coroom::auth
