#include "net/turn_watch.hpp"

#include "core/work_trail.hpp"
#include "net/shard.hpp"

#include <coroom/log.hpp>

#include <boost/asio/post.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace coroom::detail::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

class TurnWatchTest : public testing::Test {
 protected:
  /// Records a turn by its end and its duration in milliseconds.
  std::optional<TurnWatch::Report> turn(int end, int duration) {
    const TurnWatch::TimePoint ended = TurnWatch::TimePoint() + milliseconds(end);
    const auto begun = ended - milliseconds(duration);
    return watch_.note(begun, begun + milliseconds(duration / 2), ended);
  }

  TurnWatch watch_;
};

TEST_F(TurnWatchTest, IgnoresTurnsWithinTheLimit) {
  EXPECT_FALSE(turn(1000, 50));
  EXPECT_EQ(watch_.slow_turns(), 0);
}

TEST_F(TurnWatchTest, ReportsSlowTurnsOncePerInterval) {
  const auto first = turn(1'000, 80);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->duration, milliseconds(80));
  EXPECT_EQ(first->handling, milliseconds(40));
  EXPECT_EQ(first->turns, 1);
  EXPECT_FALSE(turn(2'000, 200));
  EXPECT_FALSE(turn(10'999, 200));
  const auto next = turn(11'000, 60);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->turns, 3);
  EXPECT_EQ(watch_.slow_turns(), 4);
}

TEST_F(TurnWatchTest, ListsTheLatestStepsOfATrail) {
  detail::WorkTrail trail;
  EXPECT_EQ(trail.text(), "");
  EXPECT_FALSE(trail.begun());
  trail.add(detail::WorkKind::http_request, 7);
  trail.add(detail::WorkKind::http_request, 7);
  trail.add(detail::WorkKind::room, "lobby");
  trail.add(detail::WorkKind::accept);
  EXPECT_TRUE(trail.begun());
  EXPECT_EQ(trail.text(), "http request of connection 7, room lobby, accept");
  for (std::uint64_t connection = 1; connection <= 100; ++connection)
    trail.add(detail::WorkKind::message, connection);
  EXPECT_THAT(trail.text(), testing::StartsWith("message of connection 85, "));
  EXPECT_THAT(trail.text(), testing::EndsWith(", message of connection 100"));
  trail.forget_steps();
  EXPECT_EQ(trail.text(), "");
  EXPECT_TRUE(trail.begun());
  trail.begin_turn();
  EXPECT_FALSE(trail.begun());
}

TEST_F(TurnWatchTest, TruncatesANameBetweenCharacters) {
  detail::WorkTrail trail;
  std::string name;
  for (int letter = 0; letter != 20; ++letter) name += "茶";
  trail.add(detail::WorkKind::room, name);
  EXPECT_EQ(trail.text(), "room " + name.substr(0, 39));
}

TEST_F(TurnWatchTest, LogsASlowTurnOfAShard) {
  logging::configure(logging::Level::info, logging::Format::text);
  std::vector<std::string> lines;
  logging::redirect([&](logging::Level /*level*/, std::string_view line) { lines.emplace_back(line); });
  const SystemClock clock;
  Shard shard(0, clock);
  boost::asio::post(shard.executor(), [] {
    detail::WorkTrail::of_this_thread().add(detail::WorkKind::message, 42);
    const auto end = std::chrono::steady_clock::now() + TurnWatch::limit + milliseconds(10);
    while (std::chrono::steady_clock::now() < end) continue;
  });
  for (int more = 0; more != 100; ++more)
    boost::asio::post(shard.executor(),
                      [] { detail::WorkTrail::of_this_thread().add(detail::WorkKind::accept); });
  while (shard.poll()) continue;
  logging::redirect(nullptr);
  EXPECT_GE(shard.slow_turns(), 1);
  ASSERT_EQ(lines.size(), 1);
  EXPECT_THAT(lines.front(), HasSubstr("slow turn"));
  EXPECT_THAT(lines.front(), HasSubstr("message of connection 42"));
}

}  // namespace
}  // namespace coroom::detail::net
