#include "limits/rate_meter.hpp"

#include <gtest/gtest.h>

namespace coroom::detail::limits {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t any = 0;

/// Takes so many messages at once, and gives the pace of the last.
RateVerdict take(RateMeter& meter, std::size_t messages, TokenBucket::TimePoint at) {
  RateVerdict pace = RateVerdict::ok;
  for (; messages != 0; --messages) pace = meter.take(1, 0, at);
  return pace;
}

TEST(RateMeter, LetsTenSecondsWorthThroughAtOnceAndThenTheAverage) {
  RateMeter meter({.messages = 5, .bytes = any});
  const TokenBucket::TimePoint start(1000s);
  EXPECT_EQ(take(meter, 50, start), RateVerdict::ok);
  EXPECT_EQ(take(meter, 1, start), RateVerdict::too_fast);
  EXPECT_EQ(take(meter, 5, start + 2s), RateVerdict::ok);
}

TEST(RateMeter, CountsNoTimeTwice) {
  RateMeter meter({.messages = 1, .bytes = any});
  const TokenBucket::TimePoint start(1000s);
  EXPECT_EQ(take(meter, 10, start), RateVerdict::ok);
  EXPECT_EQ(take(meter, 5, start + 5s), RateVerdict::ok);
  EXPECT_EQ(take(meter, 1, start), RateVerdict::too_fast) << "of a thread that comes late";
  EXPECT_EQ(take(meter, 1, start + 6s), RateVerdict::too_fast);
}

TEST(RateMeter, NeverMindsWhoKeepsToTheAverage) {
  RateMeter meter({.messages = 5, .bytes = any});
  TokenBucket::TimePoint now(1000s);
  for (int message = 0; message != 10'000; ++message, now += 200ms)
    ASSERT_EQ(meter.take(1, 0, now), RateVerdict::ok) << message;
}

TEST(RateMeter, EndsWhoGoesOnForAsMuchAgain) {
  RateMeter meter({.messages = 5, .bytes = any});
  const TokenBucket::TimePoint start(1000s);
  EXPECT_EQ(take(meter, 101, start), RateVerdict::too_fast);
  EXPECT_EQ(take(meter, 1, start), RateVerdict::flooding);
}

TEST(RateMeter, ForgivesWhoIsQuietForAWhile) {
  RateMeter meter({.messages = 5, .bytes = any});
  const TokenBucket::TimePoint start(1000s);
  EXPECT_EQ(take(meter, 90, start), RateVerdict::too_fast);
  EXPECT_EQ(take(meter, 1, start + 7s), RateVerdict::too_fast);
  EXPECT_EQ(take(meter, 50, start + 1min), RateVerdict::ok);
}

TEST(RateMeter, CountsBytesToo) {
  RateMeter meter({.messages = any, .bytes = 100});
  const TokenBucket::TimePoint start(1000s);
  EXPECT_EQ(meter.take(1, 999, start), RateVerdict::ok);
  EXPECT_EQ(meter.take(1, 2, start), RateVerdict::ok);
  EXPECT_EQ(meter.take(1, 1, start), RateVerdict::too_fast);
}

TEST(RateMeter, TakesOneMessageThatIsLargerThanAllOfThat) {
  RateMeter meter({.messages = any, .bytes = 100});
  const TokenBucket::TimePoint start(1000s);
  EXPECT_EQ(meter.take(1, 1'000'000, start), RateVerdict::ok);
  EXPECT_EQ(meter.take(1, 1, start), RateVerdict::too_fast);
  EXPECT_EQ(meter.take(1, 1, start + 11s), RateVerdict::ok)
      << "it owes no more than the worth of ten seconds";
}

TEST(RateMeter, LetsEverythingThroughWithoutALimit) {
  RateMeter meter({.messages = any, .bytes = any});
  for (int message = 0; message != 100'000; ++message)
    ASSERT_EQ(meter.take(1, 1 << 20, TokenBucket::TimePoint(1000s)), RateVerdict::ok);
}

TEST(RateMeter, IsNotConfusedByATimeThatStandsStill) {
  RateMeter meter({.messages = 1, .bytes = any});
  EXPECT_EQ(take(meter, 11, TokenBucket::TimePoint()), RateVerdict::too_fast);
}

}  // namespace
}  // namespace coroom::detail::limits
