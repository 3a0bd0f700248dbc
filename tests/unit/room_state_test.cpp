#include "room/room_state.hpp"

#include <gtest/gtest.h>

namespace coroom::detail::room {
namespace {

const auto client = std::make_shared<const ClientInfo>("192.0.2.1");
const Clock::TimePoint noon{std::chrono::hours(12)};

TEST(RoomState, AnnouncesJoinsAndLeaves) {
  RoomState state(10);
  const auto join = state.join(client, noon);
  ASSERT_TRUE(join);
  EXPECT_EQ(join->kind, Publication::Kind::join);
  EXPECT_EQ(join->client_info, client);
  EXPECT_EQ(join->time, noon);
  const auto leave = state.leave(client, noon);
  ASSERT_TRUE(leave);
  EXPECT_EQ(leave->kind, Publication::Kind::leave);
  EXPECT_EQ(state.members(), 0);
}

TEST(RoomState, AnnouncesAsManyLeavesAsJoins) {
  RoomState state(2);
  EXPECT_TRUE(state.join(client, noon));
  EXPECT_TRUE(state.join(client, noon));
  EXPECT_FALSE(state.join(client, noon)) << "the third member exceeds the limit";
  EXPECT_FALSE(state.leave(client, noon));
  EXPECT_TRUE(state.leave(client, noon));
}

TEST(RoomState, DoesNotAnnounceUnknownClients) {
  RoomState state(10);
  EXPECT_FALSE(state.join(std::make_shared<const ClientInfo>(), noon));
  EXPECT_EQ(state.members(), 1);
  EXPECT_FALSE(state.leave(std::make_shared<const ClientInfo>(), noon));
}

TEST(RoomState, AnnouncesNothingIfTheLimitIsZero) {
  RoomState state(0);
  EXPECT_FALSE(state.join(client, noon));
  EXPECT_FALSE(state.leave(client, noon));
}

}  // namespace
}  // namespace coroom::detail::room
