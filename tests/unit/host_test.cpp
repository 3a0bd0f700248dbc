#include "core/host.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coroom::detail {
namespace {

using testing::HasSubstr;

std::vector<std::string> texts_of(std::string_view host) {
  std::vector<std::string> texts;
  const auto addresses = addresses_of(host);
  for (const auto& address : addresses.value_or(std::vector<boost::asio::ip::address>()))
    texts.push_back(address.to_string());
  return texts;
}

TEST(Host, ResolvesAnAddressToItself) {
  EXPECT_THAT(texts_of("192.0.2.1"), testing::ElementsAre("192.0.2.1"));
  EXPECT_THAT(texts_of("::"), testing::ElementsAre("::"));
  EXPECT_THAT(texts_of("[2001:DB8::1]"), testing::ElementsAre("2001:db8::1"));
}

TEST(Host, ResolvesLocalhostToBothLoopbacks) {
  EXPECT_THAT(texts_of("localhost"), testing::ElementsAre("127.0.0.1", "::1"));
  EXPECT_THAT(texts_of("LocalHost"), testing::ElementsAre("127.0.0.1", "::1"));
}

TEST(Host, RejectsInvalidHostsByName) {
  for (const char* host :
       {"", "a b", "http://x", "1.2.3", "10.0.0.300", "[127.0.0.1]", "[x]", "x:80", ".x", "a..b", "-a",
        "b\xc3\xbc"
        "cher"}) {
    const auto checked = check_host_name(host);
    ASSERT_FALSE(checked) << host;
    EXPECT_THAT(checked.error().message, HasSubstr("'" + std::string(host) + "'"));
    EXPECT_FALSE(addresses_of(host)) << host;
  }
  for (const char* host : {"example.org", "a_b", "chat-1.example.org.", "x"})
    EXPECT_TRUE(check_host_name(host)) << host;
}

TEST(Host, IsLoopbackOnlyForThisMachine) {
  for (const char* host : {"localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]"})
    EXPECT_TRUE(is_loopback(host)) << host;
  for (const char* host : {"0.0.0.0", "::", "192.0.2.1", "example.org", "localhost.example.org"})
    EXPECT_FALSE(is_loopback(host)) << host;
}

TEST(Host, RejectsNamesWithoutAnAddress) {
  const auto found = addresses_of("no-such-host.invalid");  // RFC 6761 section 6.4
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message, HasSubstr("no-such-host.invalid"));
}

}  // namespace
}  // namespace coroom::detail
