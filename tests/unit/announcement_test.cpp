#include "server/announcement.hpp"

#include <gtest/gtest.h>

namespace coroom::server {
namespace {

Endpoints endpoints(std::initializer_list<const char*> addresses) {
  Endpoints all;
  for (const char* address : addresses) all.emplace_back(boost::asio::ip::make_address(address), 8000);
  return all;
}

TEST(Announcement, NamesLocalhostForBothLoopbacks) {
  EXPECT_EQ(address_to_open(endpoints({"127.0.0.1", "::1"}), false), "http://localhost:8000/");
  EXPECT_EQ(address_to_open(endpoints({"::"}), true), "https://localhost:8000/");
}

TEST(Announcement, NamesAnAddressOtherwise) {
  EXPECT_EQ(address_to_open(endpoints({"127.0.0.1"}), false), "http://127.0.0.1:8000/");
  EXPECT_EQ(address_to_open(endpoints({"0.0.0.0"}), false), "http://127.0.0.1:8000/");
  EXPECT_EQ(address_to_open(endpoints({"::1"}), false), "http://[::1]:8000/");
  EXPECT_EQ(address_to_open(endpoints({"192.0.2.1", "2001:db8::1"}), false), "http://192.0.2.1:8000/");
}

TEST(Announcement, DetectsLoopbackEndpoints) {
  EXPECT_TRUE(is_loopback(endpoints({"127.0.0.1", "::1"})));
  EXPECT_FALSE(is_loopback(endpoints({"127.0.0.1", "192.0.2.1"})));
  EXPECT_FALSE(is_loopback(endpoints({"::"})));
}

}  // namespace
}  // namespace coroom::server
