#include "limits/slow_mode_pacer.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace coroom::detail::limits {
namespace {

using namespace std::chrono_literals;

ClientInfo user(std::string name) {
  ClientInfo client_info;
  client_info.client_id = new_client_id();
  client_info.user = std::move(name);
  return client_info;
}

class SlowModePacerTest : public testing::Test {
 protected:
  bool admits(const ClientInfo& client, std::chrono::seconds now, std::string_view room = "tea",
              std::chrono::milliseconds interval = 10s) {
    return pacer_.admit(room, client, interval, Clock::TimePoint(now));
  }

  SlowModePacer pacer_;
};

TEST_F(SlowModePacerTest, AdmitsOncePerInterval) {
  const ClientInfo bob = user("bob");
  EXPECT_TRUE(admits(bob, 100s));
  EXPECT_FALSE(admits(bob, 101s));
  EXPECT_FALSE(admits(bob, 109s)) << "a rejection does not extend the interval";
  EXPECT_TRUE(admits(bob, 110s));
  EXPECT_FALSE(admits(bob, 119s));
}

TEST_F(SlowModePacerTest, CountsUsersAndAnonymousConnections) {
  EXPECT_TRUE(admits(user("bob"), 100s));
  EXPECT_FALSE(admits(user("bob"), 101s));
  EXPECT_TRUE(admits(user("eve"), 101s));
  const ClientInfo anonymous = user("");
  EXPECT_TRUE(admits(anonymous, 101s));
  EXPECT_FALSE(admits(anonymous, 102s));
  EXPECT_TRUE(admits(user(""), 102s));
}

TEST_F(SlowModePacerTest, SeparatesRooms) {
  const ClientInfo bob = user("bob");
  EXPECT_TRUE(admits(bob, 100s, "tea"));
  EXPECT_TRUE(admits(bob, 100s, "cake"));
  EXPECT_FALSE(admits(bob, 101s, "cake"));
}

TEST_F(SlowModePacerTest, AppliesTheCurrentInterval) {
  const ClientInfo bob = user("bob");
  EXPECT_TRUE(admits(bob, 100s));
  EXPECT_TRUE(admits(bob, 102s, "tea", 2s));
}

TEST_F(SlowModePacerTest, AdmitsAllIfTheClockIsSetBack) {
  const ClientInfo bob = user("bob");
  EXPECT_TRUE(admits(bob, 100s));
  EXPECT_TRUE(admits(bob, 50s));
  EXPECT_FALSE(admits(bob, 51s));
}

TEST_F(SlowModePacerTest, BoundsTheNumberOfEntries) {
  for (int second = 0; second != 10'000; ++second) {
    for (int client = 0; client != 10; ++client) admits(user(""), std::chrono::seconds(second));
  }
  EXPECT_LE(pacer_.size(), 2 * 10 * 10 + 64);
}

}  // namespace
}  // namespace coroom::detail::limits
