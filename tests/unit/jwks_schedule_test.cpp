#include "auth/jwks_schedule.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>

namespace coroom::detail::auth {
namespace {

using namespace std::chrono_literals;

TEST(JwksSchedule, FetchesAtOnce) {
  EXPECT_EQ(JwksSchedule(5s).due(), 5s);
}

TEST(JwksSchedule, RefreshesAfterTheLifetime) {
  JwksSchedule schedule(0s);
  schedule.on_loaded(5s, std::nullopt);
  EXPECT_EQ(schedule.due(), 605s);
  schedule.on_loaded(1000s, 120s);
  EXPECT_EQ(schedule.due(), 1120s);
  schedule.on_loaded(1000s, 0s);
  EXPECT_EQ(schedule.due(), 1060s) << "at least a minute";
  schedule.on_loaded(1000s, 86400s);
  EXPECT_EQ(schedule.due(), 4600s) << "at most an hour";
}

TEST(JwksSchedule, BacksOffAfterFailures) {
  JwksSchedule schedule(0s);
  for (const auto pause : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s, 60s}) {
    schedule.on_failed(100s);
    EXPECT_EQ(schedule.due(), 100s + pause);
  }
  schedule.on_loaded(200s, std::nullopt);
  schedule.on_failed(300s);
  EXPECT_EQ(schedule.due(), 301s) << "a success resets the pause";
}

TEST(JwksSchedule, FetchesEarlyForAnUnknownKey) {
  JwksSchedule schedule(0s);
  schedule.on_loaded(0s, std::nullopt);
  EXPECT_TRUE(schedule.on_unknown_key(10s));
  EXPECT_EQ(schedule.due(), 10s);
  schedule.on_loaded(11s, std::nullopt);
  EXPECT_FALSE(schedule.on_unknown_key(39s));
  EXPECT_EQ(schedule.due(), 611s) << "at most one in 30 seconds";
  EXPECT_TRUE(schedule.on_unknown_key(40s));
  EXPECT_EQ(schedule.due(), 40s);
}

TEST(JwksSchedule, KeepsAnEarlierFetch) {
  JwksSchedule schedule(5s);
  EXPECT_TRUE(schedule.on_unknown_key(10s));
  EXPECT_EQ(schedule.due(), 5s);
}

TEST(MaxAge, IsReadFromCacheControl) {
  EXPECT_EQ(max_age("max-age=300"), 300s);
  EXPECT_EQ(max_age("public, Max-Age=\"300\" , must-revalidate"), 300s);
  EXPECT_EQ(max_age("max-age=99999999999999999999"), 4294967295s);
  EXPECT_EQ(max_age("max-age=300, no-cache"), 0s);
  EXPECT_EQ(max_age("no-store"), 0s);
  for (const char* other :
       {"", ",", "public", "max-age", "max-age=", "max-age=-1", "max-age=1x", "s-maxage=5", "max-age=\"5"})
    EXPECT_EQ(max_age(other), std::nullopt) << other;
}

}  // namespace
}  // namespace coroom::detail::auth
