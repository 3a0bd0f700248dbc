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

class PacerTest : public testing::Test {
 protected:
  bool admits(const ClientInfo& who, std::chrono::seconds now, std::string_view room = "tea",
              std::chrono::milliseconds interval = 10s) {
    return pacer_.admit(room, who, interval, Clock::TimePoint(now));
  }

  SlowModePacer pacer_;
};

TEST_F(PacerTest, AdmitsOnceInTheInterval) {
  const ClientInfo bob = user("bob");
  EXPECT_TRUE(admits(bob, 100s));
  EXPECT_FALSE(admits(bob, 101s));
  EXPECT_FALSE(admits(bob, 109s)) << "which a refusal does not make longer";
  EXPECT_TRUE(admits(bob, 110s));
  EXPECT_FALSE(admits(bob, 119s));
}

TEST_F(PacerTest, TakesAUsersConnectionsForOneAndThoseOfNobodyForThemselves) {
  EXPECT_TRUE(admits(user("bob"), 100s));
  EXPECT_FALSE(admits(user("bob"), 101s));
  EXPECT_TRUE(admits(user("eve"), 101s));
  const ClientInfo nobody = user("");
  EXPECT_TRUE(admits(nobody, 101s));
  EXPECT_FALSE(admits(nobody, 102s));
  EXPECT_TRUE(admits(user(""), 102s));
}

TEST_F(PacerTest, TellsRoomsApart) {
  const ClientInfo bob = user("bob");
  EXPECT_TRUE(admits(bob, 100s, "tea"));
  EXPECT_TRUE(admits(bob, 100s, "cake"));
  EXPECT_FALSE(admits(bob, 101s, "cake"));
}

TEST_F(PacerTest, GoesByTheIntervalThatThereIsNow) {
  const ClientInfo bob = user("bob");
  EXPECT_TRUE(admits(bob, 100s));
  EXPECT_TRUE(admits(bob, 102s, "tea", 2s));
}

TEST_F(PacerTest, SilencesNobodyWhenTheClockIsSetBack) {
  const ClientInfo bob = user("bob");
  EXPECT_TRUE(admits(bob, 100s));
  EXPECT_TRUE(admits(bob, 50s));
  EXPECT_FALSE(admits(bob, 51s));
}

TEST_F(PacerTest, HoldsNoMoreThanThoseWhoHaveToWaitAndAsManyAgain) {
  for (int second = 0; second != 10'000; ++second) {
    for (int speaker = 0; speaker != 10; ++speaker) admits(user(""), std::chrono::seconds(second));
  }
  EXPECT_LE(pacer_.size(), 2 * 10 * 10 + 64);
}

}  // namespace
}  // namespace coroom::detail::limits
