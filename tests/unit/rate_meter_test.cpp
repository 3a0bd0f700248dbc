#include "limits/rate_meter.hpp"

#include <gtest/gtest.h>

namespace coroom::detail::limits {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t any = 0;

/// Charges `messages` at once. Returns the verdict of the last one.
RateVerdict take(RateMeter& meter, std::size_t messages, TokenBucket::TimePoint at) {
  RateVerdict verdict = RateVerdict::ok;
  for (; messages != 0; --messages) verdict = meter.take(1, 0, at);
  return verdict;
}

TEST(RateMeter, AllowsTenSecondsAtOnceThenTheAverage) {
  RateMeter meter({.messages = 5, .bytes = any});
  const TokenBucket::TimePoint start(1000s);
  EXPECT_EQ(take(meter, 50, start), RateVerdict::ok);
  EXPECT_EQ(take(meter, 1, start), RateVerdict::too_fast);
  EXPECT_EQ(take(meter, 5, start + 2s), RateVerdict::ok);
}

TEST(RateMeter, CountsElapsedTimeOnce) {
  RateMeter meter({.messages = 1, .bytes = any});
  const TokenBucket::TimePoint start(1000s);
  EXPECT_EQ(take(meter, 10, start), RateVerdict::ok);
  EXPECT_EQ(take(meter, 5, start + 5s), RateVerdict::ok);
  EXPECT_EQ(take(meter, 1, start), RateVerdict::too_fast) << "a thread passes an earlier time";
  EXPECT_EQ(take(meter, 1, start + 6s), RateVerdict::too_fast);
}

TEST(RateMeter, AllowsTheAverageForever) {
  RateMeter meter({.messages = 5, .bytes = any});
  TokenBucket::TimePoint now(1000s);
  for (int message = 0; message != 10'000; ++message, now += 200ms)
    ASSERT_EQ(meter.take(1, 0, now), RateVerdict::ok) << message;
}

TEST(RateMeter, ReportsFloodingAfterTwiceTheBurst) {
  RateMeter meter({.messages = 5, .bytes = any});
  const TokenBucket::TimePoint start(1000s);
  EXPECT_EQ(take(meter, 101, start), RateVerdict::too_fast);
  EXPECT_EQ(take(meter, 1, start), RateVerdict::flooding);
}

TEST(RateMeter, RecoversAfterAPause) {
  RateMeter meter({.messages = 5, .bytes = any});
  const TokenBucket::TimePoint start(1000s);
  EXPECT_EQ(take(meter, 90, start), RateVerdict::too_fast);
  EXPECT_EQ(take(meter, 1, start + 7s), RateVerdict::too_fast);
  EXPECT_EQ(take(meter, 50, start + 1min), RateVerdict::ok);
}

TEST(RateMeter, CountsBytes) {
  RateMeter meter({.messages = any, .bytes = 100});
  const TokenBucket::TimePoint start(1000s);
  EXPECT_EQ(meter.take(1, 999, start), RateVerdict::ok);
  EXPECT_EQ(meter.take(1, 2, start), RateVerdict::ok);
  EXPECT_EQ(meter.take(1, 1, start), RateVerdict::too_fast);
}

TEST(RateMeter, AllowsOneMessageAboveTheBurst) {
  RateMeter meter({.messages = any, .bytes = 100});
  const TokenBucket::TimePoint start(1000s);
  EXPECT_EQ(meter.take(1, 1'000'000, start), RateVerdict::ok);
  EXPECT_EQ(meter.take(1, 1, start), RateVerdict::too_fast);
  EXPECT_EQ(meter.take(1, 1, start + 11s), RateVerdict::ok) << "the debt is at most ten seconds";
}

TEST(RateMeter, AllowsEverythingWithoutALimit) {
  RateMeter meter({.messages = any, .bytes = any});
  for (int message = 0; message != 100'000; ++message)
    ASSERT_EQ(meter.take(1, 1 << 20, TokenBucket::TimePoint(1000s)), RateVerdict::ok);
}

TEST(RateMeter, AcceptsATimeThatStandsStill) {
  RateMeter meter({.messages = 1, .bytes = any});
  EXPECT_EQ(take(meter, 11, TokenBucket::TimePoint()), RateVerdict::too_fast);
}

}  // namespace
}  // namespace coroom::detail::limits
