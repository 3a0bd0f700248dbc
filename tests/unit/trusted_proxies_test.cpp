#include "http/trusted_proxies.hpp"

#include <gtest/gtest.h>

namespace coroom::detail::http {
namespace {

using HeaderFields = std::vector<std::pair<std::string, std::string>>;

std::string client(const std::vector<std::string>& trusted, const char* peer, const HeaderFields& fields) {
  Request request;
  request.peer = boost::asio::ip::make_address(peer);
  for (const auto& [name, value] : fields) request.headers.add(name, value);
  return TrustedProxies(parse_networks(trusted).value()).client_of(request).to_string();
}

const HeaderFields forwarded = {{"X-Forwarded-For", "203.0.113.9"}};

TEST(TrustedProxies, IgnoresFieldsOfUntrustedPeers) {
  EXPECT_EQ(client({}, "192.0.2.1", forwarded), "192.0.2.1");
  EXPECT_EQ(client({"10.0.0.0/8"}, "192.0.2.1", forwarded), "192.0.2.1");
}

TEST(TrustedProxies, UsesTheAddressForwardedByAProxy) {
  EXPECT_EQ(client({"10.0.0.0/8"}, "10.255.255.255", forwarded), "203.0.113.9");
  EXPECT_EQ(client({"10.0.0.0/8"}, "10.0.0.0", forwarded), "203.0.113.9");
  EXPECT_EQ(client({"10.1.2.3"}, "10.1.2.3", forwarded), "203.0.113.9");
  EXPECT_EQ(client({"fd00::/8"}, "fd00::1", {{"X-Forwarded-For", "2001:db8::5"}}), "2001:db8::5");
}

TEST(TrustedProxies, UsesTheLastUntrustedAddress) {
  EXPECT_EQ(client({"10.0.0.0/8"}, "10.0.0.1", {{"X-Forwarded-For", "6.6.6.6, 203.0.113.9, 10.0.0.2"}}),
            "203.0.113.9");
  EXPECT_EQ(client({"10.0.0.0/8"}, "10.0.0.1",
                   {{"X-Forwarded-For", "6.6.6.6"}, {"X-Forwarded-For", "203.0.113.9"}}),
            "203.0.113.9");
}

TEST(TrustedProxies, IgnoresThePortOfTheClient) {
  EXPECT_EQ(client({"10.0.0.0/8"}, "10.0.0.1", {{"X-Forwarded-For", "203.0.113.9:51234"}}), "203.0.113.9");
  EXPECT_EQ(client({"10.0.0.0/8"}, "10.0.0.1", {{"X-Forwarded-For", "[2001:db8::5]:443, 10.0.0.2:80"}}),
            "2001:db8::5");
}

TEST(TrustedProxies, UsesRealIpIfNothingWasForwarded) {
  EXPECT_EQ(client({"10.0.0.0/8"}, "10.0.0.1", {{"X-Real-IP", "203.0.113.9"}}), "203.0.113.9");
  // The proxy has set the first, the client the second.
  EXPECT_EQ(client({"10.0.0.0/8"}, "10.0.0.1", {{"X-Forwarded-For", "10.0.0.2"}, {"X-Real-IP", "6.6.6.6"}}),
            "10.0.0.1");
}

TEST(TrustedProxies, DoesNotAttributeUnknownClientsToAProxy) {
  for (const char* value :
       {"nonsense", "unknown", "10.0.0.2, unknown", "203.0.113.9, ", "[", "1.2.3", "_hidden"}) {
    EXPECT_EQ(client({"10.0.0.0/8"}, "10.0.0.1", {{"X-Forwarded-For", value}}), "0.0.0.0") << value;
    EXPECT_EQ(client({"10.0.0.0/8"}, "10.0.0.1", {{"X-Forwarded-For", value}, {"X-Real-IP", "6.6.6.6"}}),
              "0.0.0.0")
        << value;
  }
  EXPECT_EQ(client({"10.0.0.0/8"}, "10.0.0.1", {{"X-Real-IP", "nonsense"}}), "0.0.0.0");
}

TEST(TrustedProxies, UnmapsIpv4Addresses) {
  EXPECT_EQ(client({}, "::ffff:192.0.2.1", {}), "192.0.2.1");
  EXPECT_EQ(client({"10.0.0.0/8"}, "::ffff:10.0.0.1", forwarded), "203.0.113.9");
  EXPECT_EQ(client({"::ffff:10.0.0.1"}, "10.0.0.1", forwarded), "203.0.113.9");
  EXPECT_EQ(client({"::ffff:10.0.0.0/104"}, "::ffff:10.0.0.1", forwarded), "203.0.113.9");
  EXPECT_EQ(client({"10.0.0.0/8"}, "10.0.0.1", {{"X-Forwarded-For", "203.0.113.9, ::ffff:10.0.0.2"}}),
            "203.0.113.9");
}

TEST(TrustedProxies, MatchesAllAddressesOfAFamily) {
  EXPECT_EQ(client({"::/0"}, "2001:db8::1", forwarded), "203.0.113.9");
  EXPECT_EQ(client({"::/0"}, "ffff::1", forwarded), "203.0.113.9");
  EXPECT_EQ(client({"ff00::/8"}, "ff02::1", forwarded), "203.0.113.9");
  EXPECT_EQ(client({"::/0"}, "192.0.2.1", forwarded), "192.0.2.1");
  EXPECT_EQ(client({"0.0.0.0/0"}, "192.0.2.1", {{"X-Forwarded-For", "2001:db8::5"}}), "2001:db8::5");
}

TEST(TrustedProxies, IgnoresTheZone) {
  EXPECT_EQ(client({"fe80::1"}, "fe80::1%2", forwarded), "203.0.113.9");
}

}  // namespace
}  // namespace coroom::detail::http
