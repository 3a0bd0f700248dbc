#include "room/room_state.hpp"

#include <gtest/gtest.h>

namespace coroom::detail::room {
namespace {

const auto somebody = std::make_shared<const ClientInfo>("192.0.2.1");
const Clock::TimePoint noon{std::chrono::hours(12)};

TEST(RoomState, AnnouncesWhoComesAndGoesWithTheTime) {
  RoomState state(10);
  const auto join = state.join(somebody, noon);
  ASSERT_TRUE(join);
  EXPECT_EQ(join->kind, Publication::Kind::join);
  EXPECT_EQ(join->client_info, somebody);
  EXPECT_EQ(join->time, noon);
  const auto leave = state.leave(somebody, noon);
  ASSERT_TRUE(leave);
  EXPECT_EQ(leave->kind, Publication::Kind::leave);
  EXPECT_EQ(state.members(), 0);
}

TEST(RoomState, WhoeverWasAnnouncedInIsAnnouncedOut) {
  RoomState state(2);
  EXPECT_TRUE(state.join(somebody, noon));
  EXPECT_TRUE(state.join(somebody, noon));
  EXPECT_FALSE(state.join(somebody, noon)) << "the third makes the room larger than the limit";
  EXPECT_FALSE(state.leave(somebody, noon));
  EXPECT_TRUE(state.leave(somebody, noon));
}

TEST(RoomState, AnnouncesNobodyOfWhomNothingIsKnown) {
  RoomState state(10);
  EXPECT_FALSE(state.join(std::make_shared<const ClientInfo>(), noon));
  EXPECT_EQ(state.members(), 1);
  EXPECT_FALSE(state.leave(std::make_shared<const ClientInfo>(), noon));
}

TEST(RoomState, LimitZeroNeverAnnounces) {
  RoomState state(0);
  EXPECT_FALSE(state.join(somebody, noon));
  EXPECT_FALSE(state.leave(somebody, noon));
}

}  // namespace
}  // namespace coroom::detail::room
