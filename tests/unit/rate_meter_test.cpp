#include "limits/rate_meter.hpp"

#include <gtest/gtest.h>

namespace coroom::detail::limits {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t any = 0;

/// Charges `messages` at once. Returns the verdict of the last one.
RateVerdict take(RateMeter& meter, const RateLimit& limit, std::size_t messages, RateMeter::TimePoint at) {
  RateVerdict verdict = RateVerdict::ok;
  for (; messages != 0; --messages) verdict = meter.take(limit, 1, 0, at);
  return verdict;
}

TEST(RateMeter, AllowsTenSecondsAtOnceThenTheAverage) {
  const RateLimit limit{.messages = 5, .bytes = any};
  RateMeter meter;
  const RateMeter::TimePoint start(1000s);
  EXPECT_EQ(take(meter, limit, 50, start), RateVerdict::ok);
  EXPECT_EQ(take(meter, limit, 1, start), RateVerdict::too_fast);
  EXPECT_EQ(take(meter, limit, 5, start + 2s), RateVerdict::ok);
}

TEST(RateMeter, CountsElapsedTimeOnce) {
  const RateLimit limit{.messages = 1, .bytes = any};
  RateMeter meter;
  const RateMeter::TimePoint start(1000s);
  EXPECT_EQ(take(meter, limit, 10, start), RateVerdict::ok);
  EXPECT_EQ(take(meter, limit, 5, start + 5s), RateVerdict::ok);
  EXPECT_EQ(take(meter, limit, 1, start), RateVerdict::too_fast) << "a thread passes an earlier time";
  EXPECT_EQ(take(meter, limit, 1, start + 6s), RateVerdict::too_fast);
}

TEST(RateMeter, AllowsTheAverageForever) {
  const RateLimit limit{.messages = 5, .bytes = any};
  RateMeter meter;
  RateMeter::TimePoint now(1000s);
  for (int message = 0; message != 10'000; ++message, now += 200ms)
    ASSERT_EQ(meter.take(limit, 1, 0, now), RateVerdict::ok) << message;
}

TEST(RateMeter, ReportsFloodingAfterTwiceTheBurst) {
  const RateLimit limit{.messages = 5, .bytes = any};
  RateMeter meter;
  const RateMeter::TimePoint start(1000s);
  EXPECT_EQ(take(meter, limit, 101, start), RateVerdict::too_fast);
  EXPECT_EQ(take(meter, limit, 1, start), RateVerdict::flooding);
}

TEST(RateMeter, RecoversAfterAPause) {
  const RateLimit limit{.messages = 5, .bytes = any};
  RateMeter meter;
  const RateMeter::TimePoint start(1000s);
  EXPECT_EQ(take(meter, limit, 90, start), RateVerdict::too_fast);
  EXPECT_EQ(take(meter, limit, 1, start + 7s), RateVerdict::too_fast);
  EXPECT_EQ(take(meter, limit, 50, start + 1min), RateVerdict::ok);
}

TEST(RateMeter, CountsBytes) {
  const RateLimit limit{.messages = any, .bytes = 100};
  RateMeter meter;
  const RateMeter::TimePoint start(1000s);
  EXPECT_EQ(meter.take(limit, 1, 999, start), RateVerdict::ok);
  EXPECT_EQ(meter.take(limit, 1, 2, start), RateVerdict::ok);
  EXPECT_EQ(meter.take(limit, 1, 1, start), RateVerdict::too_fast);
}

TEST(RateMeter, AllowsOneMessageAboveTheBurst) {
  const RateLimit limit{.messages = any, .bytes = 100};
  RateMeter meter;
  const RateMeter::TimePoint start(1000s);
  EXPECT_EQ(meter.take(limit, 1, 1'000'000, start), RateVerdict::ok);
  EXPECT_EQ(meter.take(limit, 1, 1, start), RateVerdict::too_fast);
  EXPECT_EQ(meter.take(limit, 1, 1, start + 11s), RateVerdict::ok) << "the debt is at most ten seconds";
}

TEST(RateMeter, AllowsEverythingWithoutALimit) {
  const RateLimit limit{.messages = any, .bytes = any};
  RateMeter meter;
  for (int message = 0; message != 100'000; ++message)
    ASSERT_EQ(meter.take(limit, 1, 1 << 20, RateMeter::TimePoint(1000s)), RateVerdict::ok);
}

TEST(RateMeter, AcceptsATimeThatStandsStill) {
  const RateLimit limit{.messages = 1, .bytes = any};
  RateMeter meter;
  EXPECT_EQ(take(meter, limit, 11, RateMeter::TimePoint()), RateVerdict::too_fast);
}

}  // namespace
}  // namespace coroom::detail::limits
