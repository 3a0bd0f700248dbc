#include <coroom/network.hpp>

#include <gtest/gtest.h>

#include <string>

namespace coroom {
namespace {

using boost::asio::ip::make_address;

/// Returns the canonical form, or `none` for an invalid network.
std::string written(std::string_view text) {
  const auto network = Network::parse(text);
  return network ? network->text() : "none";
}

bool contains(std::string_view network, const char* address) {
  return Network::parse(network).value().contains(make_address(address));
}

TEST(Network, HasACanonicalForm) {
  EXPECT_EQ(written("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(written("192.0.2.1/32"), "192.0.2.1");
  EXPECT_EQ(written("192.0.2.77/24"), "192.0.2.0/24");
  EXPECT_EQ(written("0.0.0.0/0"), "0.0.0.0/0");
  EXPECT_EQ(written("2001:DB8:0::1/64"), "2001:db8::/64");
  EXPECT_EQ(written("2001:db8::1"), "2001:db8::1");
  EXPECT_EQ(written("::ffff:192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(written("::ffff:192.0.2.1/120"), "192.0.2.0/24");
  EXPECT_EQ(written("fe80::1%1"), "fe80::1");
}

TEST(Network, RejectsInvalidText) {
  for (const char* text : {"", "localhost", "192.0.2", "192.0.2.0/33", "192.0.2.0/", "2001:db8::/129", "/24",
                           "192.0.2.0/24/24", "::ffff:192.0.2.0/95", "192.0.2.1 "})
    EXPECT_EQ(written(text), "none") << text;
}

TEST(Network, NamesInvalidEntriesOfAList) {
  for (const char* text : {"10.0.0.0/33", "example.org", "", "fd00::/129", "::ffff:0:0/95"}) {
    const auto networks = parse_networks({"10.0.0.0/8", text});
    ASSERT_FALSE(networks) << text;
    EXPECT_NE(networks.error().message.find("'" + std::string(text) + "'"), std::string::npos);
  }
}

TEST(Network, ContainsAddressesWithItsPrefix) {
  EXPECT_TRUE(contains("192.0.2.0/24", "192.0.2.0"));
  EXPECT_TRUE(contains("192.0.2.0/24", "192.0.2.255"));
  EXPECT_TRUE(contains("192.0.2.0/24", "::ffff:192.0.2.7"));
  EXPECT_FALSE(contains("192.0.2.0/24", "192.0.3.0"));
  EXPECT_TRUE(contains("192.0.2.6/31", "192.0.2.7"));
  EXPECT_TRUE(contains("2001:db8::/64", "2001:db8::ffff:1"));
  EXPECT_TRUE(contains("fe80::1", "fe80::1%2"));
  EXPECT_FALSE(contains("2001:db8::/64", "2001:db8:0:1::1"));
  EXPECT_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
  EXPECT_FALSE(contains("::/0", "192.0.2.1"));
}

}  // namespace
}  // namespace coroom
