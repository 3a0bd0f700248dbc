#include "log/log_pace.hpp"

#include <gtest/gtest.h>

#include <string>

namespace coroom::detail::log {
namespace {

using namespace std::chrono_literals;

class LogPaceTest : public testing::Test {
 protected:
  /// Logs `lines` at once. Returns how many are written.
  int admitted(int lines, std::string_view event, std::string_view peer = "") {
    int count = 0;
    for (int line = 0; line != lines; ++line) count += pace_.admits(event, peer, now_) ? 1 : 0;
    return count;
  }

  LogPace pace_{20, 1};
  LogPace::TimePoint now_ = LogPace::TimePoint() + 1h;
};

TEST_F(LogPaceTest, LimitsTheRateOfAnEvent) {
  EXPECT_EQ(admitted(1000, "refused"), 200) << "a burst is worth ten seconds";
  now_ += 1s;
  EXPECT_EQ(admitted(1000, "refused"), 20);
  EXPECT_EQ(admitted(1000, "banned"), 200) << "other events are not affected";
}

TEST_F(LogPaceTest, AllowsAnAddressAQuarterOfTheRate) {
  EXPECT_EQ(admitted(1000, "refused", "192.0.2.1"), 50);
  EXPECT_EQ(admitted(1000, "refused", "192.0.2.2"), 50);
  now_ += 1s;
  EXPECT_EQ(admitted(1000, "refused", "192.0.2.1"), 5);
}

TEST_F(LogPaceTest, TreatsAnIpv6NetworkAsOneAddress) {
  EXPECT_EQ(admitted(1000, "refused", "2001:db8::1"), 50);
  EXPECT_EQ(admitted(1000, "refused", "2001:db8::2"), 0);
  EXPECT_EQ(admitted(1000, "refused", "2001:db8:0:1::2"), 50);
  EXPECT_EQ(admitted(1000, "mapped", "::ffff:192.0.2.1"), 50);
  EXPECT_EQ(admitted(1000, "mapped", "192.0.2.1"), 0);
}

TEST_F(LogPaceTest, SharesTheRateOfAnEventAmongAddresses) {
  int count = 0;
  for (int last = 0; last != 256; ++last) count += admitted(10, "refused", "192.0.2." + std::to_string(last));
  EXPECT_EQ(count, 200);
}

TEST_F(LogPaceTest, CountsSuppressedLines) {
  EXPECT_FALSE(pace_.has_suppressed());
  admitted(207, "refused");
  admitted(1, "banned");
  EXPECT_TRUE(pace_.has_suppressed());
  const auto suppressed = pace_.take_suppressed();
  ASSERT_EQ(suppressed.size(), 1);
  EXPECT_EQ(suppressed.front().event, "refused");
  EXPECT_EQ(suppressed.front().lines, 7);
  EXPECT_FALSE(pace_.has_suppressed());
  EXPECT_TRUE(pace_.take_suppressed().empty());
  EXPECT_EQ(pace_.suppressed(), 7) << "in total";
}

TEST_F(LogPaceTest, IsUnlimitedIfZero) {
  pace_ = LogPace(0, 1);
  EXPECT_EQ(admitted(10'000, "refused", "192.0.2.1"), 10'000);
}

TEST_F(LogPaceTest, SharesOneRateAmongManyEvents) {
  int count = 0;
  for (int event = 0; event != 1000; ++event) count += admitted(1, "event " + std::to_string(event));
  EXPECT_LT(count, 500);
}

}  // namespace
}  // namespace coroom::detail::log
