#include "core/deletion_clock.hpp"

#include "support/settable_clock.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace coroom::detail {
namespace {

using namespace std::chrono_literals;

const Clock::TimePoint noon{std::chrono::hours(500'000)};

class DeletionClockTest : public testing::Test {
 protected:
  DeletionClockTest() { clock_.set(noon); }

  test::SettableClock clock_;
};

TEST_F(DeletionClockTest, FollowsARegularClock) {
  DeletionClock deletion(clock_);
  EXPECT_EQ(deletion.now(), noon);
  clock_.advance(48h);
  EXPECT_EQ(deletion.now(), noon + 48h);
  clock_.set(noon + 48h + 30s);
  EXPECT_EQ(deletion.now(), noon + 48h + 30s) << "within the tolerance";
}

TEST_F(DeletionClockTest, AdvancesOnlyWithElapsedTime) {
  DeletionClock deletion(clock_);
  clock_.set(noon + 24h * 365);
  EXPECT_EQ(deletion.now(), noon);
  clock_.advance(1h);
  EXPECT_EQ(deletion.now(), noon + 1h);
  clock_.set(noon + 1h);
  EXPECT_EQ(deletion.now(), noon + 1h);
}

TEST_F(DeletionClockTest, FollowsAJumpOnceConfirmed) {
  DeletionClock deletion(clock_);
  clock_.set(noon + 24h);
  EXPECT_EQ(deletion.now(), noon);
  clock_.advance(DeletionClock::confirmed_after - 1s);
  EXPECT_EQ(deletion.now(), noon + DeletionClock::confirmed_after - 1s);
  clock_.advance(1s);
  EXPECT_EQ(deletion.now(), noon + 24h + DeletionClock::confirmed_after);
}

TEST_F(DeletionClockTest, RestartsConfirmationAtEachJump) {
  DeletionClock deletion(clock_);
  clock_.set(noon + 24h);
  EXPECT_EQ(deletion.now(), noon);
  clock_.advance(5h);
  clock_.set(noon + 5h);
  EXPECT_EQ(deletion.now(), noon + 5h);
  clock_.set(noon + 24h);
  clock_.advance(5h);
  EXPECT_EQ(deletion.now(), noon + 10h);
}

TEST_F(DeletionClockTest, FollowsTheClockBackAtOnce) {
  DeletionClock deletion(clock_);
  clock_.set(noon - 1h);
  EXPECT_EQ(deletion.now(), noon - 1h);
  clock_.set(noon);
  EXPECT_EQ(deletion.now(), noon);
}

TEST_F(DeletionClockTest, ComparesWithTheLastKnownTime) {
  DeletionClock deletion(clock_, noon - 24h);
  EXPECT_EQ(deletion.now(), noon - 24h);
  clock_.advance(1h);
  EXPECT_EQ(deletion.now(), noon - 23h);
  clock_.advance(DeletionClock::confirmed_after - 1h);
  EXPECT_EQ(deletion.now(), noon + DeletionClock::confirmed_after);
}

}  // namespace
}  // namespace coroom::detail
