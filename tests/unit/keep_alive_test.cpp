#include "connection/keep_alive.hpp"

#include <gtest/gtest.h>

namespace coroom::detail::connection {
namespace {

using namespace std::chrono_literals;
using Action = KeepAlive::Action;

/// Pings every 10 seconds, and waits 4 for an answer.
class KeepAliveTest : public testing::Test {
 protected:
  KeepAliveTest() { keep_alive_.start(0s, 10s); }

  KeepAlive::Intervals times_{.interval = 10s, .timeout = 4s};
  KeepAlive keep_alive_{times_};
};

TEST_F(KeepAliveTest, PingsAfterTheInterval) {
  EXPECT_EQ(keep_alive_.due(), 10s);
  EXPECT_EQ(keep_alive_.on_time(9999ms), Action::wait);
  EXPECT_EQ(keep_alive_.on_time(10s), Action::ping);
  EXPECT_EQ(keep_alive_.due(), 14s) << "the timeout";
}

TEST_F(KeepAliveTest, GivesUpASilentPeerAfterTheTimeout) {
  keep_alive_.on_time(10s);
  EXPECT_EQ(keep_alive_.on_time(13s), Action::wait);
  EXPECT_EQ(keep_alive_.on_time(14s), Action::overdue);
  EXPECT_EQ(keep_alive_.on_time(15s), Action::overdue) << "until the owner decides";
}

TEST_F(KeepAliveTest, CountsAnySignOfLifeAsAnAnswer) {
  keep_alive_.on_time(10s);
  keep_alive_.heard();
  EXPECT_EQ(keep_alive_.on_time(14s), Action::wait);
  EXPECT_EQ(keep_alive_.due(), 20s) << "one interval after the last ping";
  EXPECT_EQ(keep_alive_.on_time(20s), Action::ping);
}

TEST_F(KeepAliveTest, IgnoresSignsOfLifeBeforeThePing) {
  keep_alive_.heard();
  EXPECT_EQ(keep_alive_.on_time(10s), Action::ping);
  EXPECT_EQ(keep_alive_.on_time(14s), Action::overdue);
}

TEST_F(KeepAliveTest, PingsOneIntervalAfterAnAnsweredPing) {
  EXPECT_FALSE(keep_alive_.answered(1s)) << "no ping is open";
  keep_alive_.on_time(10s);
  EXPECT_TRUE(keep_alive_.answered(12s));
  EXPECT_EQ(keep_alive_.due(), 20s);
  EXPECT_FALSE(keep_alive_.answered(13s)) << "that ping is answered";
}

TEST_F(KeepAliveTest, PingsAtOnceAfterALateAnswer) {
  keep_alive_.on_time(10s);
  keep_alive_.extend(14s);
  EXPECT_EQ(keep_alive_.due(), 18s);
  keep_alive_.extend(18s);
  EXPECT_TRUE(keep_alive_.answered(21s));
  EXPECT_EQ(keep_alive_.on_time(21s), Action::ping);
}

TEST_F(KeepAliveTest, NeverPingsWithoutAnInterval) {
  times_.interval = 0s;
  keep_alive_.start(0s, 0s);
  EXPECT_EQ(keep_alive_.due(), std::nullopt);
  EXPECT_EQ(keep_alive_.on_time(1h), Action::wait);
}

TEST_F(KeepAliveTest, DoesNothingOnceStopped) {
  keep_alive_.stop();
  EXPECT_EQ(keep_alive_.due(), std::nullopt);
  EXPECT_EQ(keep_alive_.on_time(1h), Action::wait);
  EXPECT_FALSE(keep_alive_.answered(1h));
}

}  // namespace
}  // namespace coroom::detail::connection
