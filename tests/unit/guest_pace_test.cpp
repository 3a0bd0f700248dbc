#include "server/guest_pace.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace coroom::server {
namespace {

using namespace std::chrono_literals;
using Verdict = GuestPace::Verdict;

ClientInfo guest(std::string user, std::string address = "192.0.2.1") {
  ClientInfo client_info(std::move(address));
  client_info.user = std::move(user);
  client_info.guest = true;
  return client_info;
}

class GuestPaceTest : public testing::Test {
 protected:
  /// Publishes `messages` at once. Returns how many are allowed.
  int taken(const ClientInfo& client_info, int messages, const std::string& room = "tea",
            bool keeps_history = true, std::size_t bytes = 5) {
    int count = 0;
    for (int one = 0; one != messages; ++one)
      count += pace_.take(client_info, {room, keeps_history}, bytes, now_) == Verdict::allowed ? 1 : 0;
    return count;
  }

  detail::limits::TokenBucket::TimePoint now_{1h};
  GuestPace pace_{{.user = 1, .address = 5}, parse_networks({"127.0.0.0/8"}).value()};
};

TEST_F(GuestPaceTest, AllowsTenMessagesAtOnceThenOneASecond) {
  EXPECT_EQ(taken(guest("ann"), 300), 10);
  now_ += 1s;
  EXPECT_EQ(taken(guest("ann"), 300), 1);
  now_ += 3s;
  EXPECT_EQ(taken(guest("ann"), 300), 3);
  now_ += 1h;
  EXPECT_EQ(taken(guest("ann"), 300), 10);
}

TEST_F(GuestPaceTest, CountsLongMessagesPerKibibyte) {
  EXPECT_EQ(taken(guest("ann"), 20, "tea", true, 1024), 10);
  EXPECT_EQ(taken(guest("bob"), 20, "tea", true, 1025), 5);
  EXPECT_EQ(taken(guest("cyd"), 20, "tea", true, 16 * 1024), 1) << "a long message is allowed";
  now_ += 6s;
  EXPECT_EQ(taken(guest("cyd"), 20), 0) << "and delays the next ones";
  now_ += 1s;
  EXPECT_EQ(taken(guest("cyd"), 20), 1);
}

TEST_F(GuestPaceTest, SeparatesRoomsAndUsers) {
  EXPECT_EQ(taken(guest("ann"), 20), 10);
  EXPECT_EQ(taken(guest("ann"), 20, "cake"), 10);
  EXPECT_EQ(taken(guest("bob"), 20), 10);
}

TEST_F(GuestPaceTest, AllowsMorePerAddressThanPerUser) {
  int count = 0;
  for (int user = 0; user != 30; ++user) count += taken(guest("user " + std::to_string(user)), 5);
  EXPECT_EQ(count, 50);
  EXPECT_EQ(taken(guest("ann", "192.0.2.2"), 20), 10) << "another address has its own rate";
}

TEST_F(GuestPaceTest, CountsAnonymousClientsByAddress) {
  EXPECT_EQ(taken(ClientInfo("192.0.2.1"), 300), 50);
  EXPECT_EQ(taken(guest("ann"), 1), 0) << "the address has used up its rate";
}

TEST_F(GuestPaceTest, TreatsAnIpv6NetworkAsOneAddress) {
  EXPECT_EQ(taken(ClientInfo("2001:db8::1"), 300), 50);
  EXPECT_EQ(taken(ClientInfo("2001:db8::2"), 300), 0);
  EXPECT_EQ(taken(ClientInfo("2001:db8:0:1::1"), 300), 50);
  EXPECT_EQ(taken(ClientInfo("192.0.2.1"), 300), 50);
  EXPECT_EQ(taken(ClientInfo("::ffff:192.0.2.1"), 300), 0);
}

TEST_F(GuestPaceTest, LimitsOnlyUsersAtExemptAddresses) {
  EXPECT_EQ(taken(ClientInfo("127.0.0.1"), 300), 300);
  EXPECT_EQ(taken(guest("ann", "127.0.0.1"), 300), 10);
}

TEST_F(GuestPaceTest, LimitsOnlyUsersInRoomsWithoutHistory) {
  EXPECT_EQ(taken(ClientInfo("192.0.2.1"), 300, "typing:tea", false), 300);
  EXPECT_EQ(taken(guest("ann"), 300, "typing:tea", false), 10);
}

TEST_F(GuestPaceTest, DoesNotLimitUsersWithAToken) {
  ClientInfo user("192.0.2.1");
  user.user = "7";
  EXPECT_EQ(taken(user, 300), 300);
  EXPECT_EQ(pace_.size(), 0);
}

TEST_F(GuestPaceTest, DoesNotChargeRejectedMessages) {
  EXPECT_EQ(taken(guest("ann"), 300), 10);
  EXPECT_EQ(taken(ClientInfo("192.0.2.1"), 300), 40) << "the address is charged only for allowed messages";
}

TEST_F(GuestPaceTest, IsUnlimitedIfZero) {
  GuestPace none({.user = 0, .address = 0}, {});
  for (int one = 0; one != 300; ++one)
    EXPECT_EQ(none.take(guest("ann"), {"tea", true}, 1 << 20, now_), Verdict::allowed);
  EXPECT_EQ(none.size(), 0);
}

TEST_F(GuestPaceTest, ForgetsIdleUsers) {
  for (int user = 0; user != 3000; ++user) {
    std::ignore = taken(guest("user " + std::to_string(user), "127.0.0.1"), 1);
    now_ += 100ms;
  }
  EXPECT_LT(pace_.size(), 1100);
}

}  // namespace
}  // namespace coroom::server
