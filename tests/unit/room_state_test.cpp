#include "room/room_state.hpp"

#include <gtest/gtest.h>

namespace coroom::detail::room {
namespace {

const auto client = std::make_shared<const ClientInfo>("192.0.2.1");

TEST(RoomState, AnnouncesJoinsAndLeaves) {
  RoomState state(10);
  const auto join = state.join(client);
  ASSERT_TRUE(join);
  EXPECT_EQ(join->kind, Publication::Kind::join);
  EXPECT_EQ(join->client_info, client);
  const auto leave = state.leave(client);
  ASSERT_TRUE(leave);
  EXPECT_EQ(leave->kind, Publication::Kind::leave);
  EXPECT_EQ(state.members(), 0);
}

TEST(RoomState, AnnouncesAsManyLeavesAsJoins) {
  RoomState state(2);
  EXPECT_TRUE(state.join(client));
  EXPECT_TRUE(state.join(client));
  EXPECT_FALSE(state.join(client)) << "the third member exceeds the limit";
  EXPECT_FALSE(state.leave(client));
  EXPECT_TRUE(state.leave(client));
}

TEST(RoomState, DoesNotAnnounceUnknownClients) {
  RoomState state(10);
  EXPECT_FALSE(state.join(std::make_shared<const ClientInfo>()));
  EXPECT_EQ(state.members(), 1);
  EXPECT_FALSE(state.leave(std::make_shared<const ClientInfo>()));
}

TEST(RoomState, AnnouncesNothingIfTheLimitIsZero) {
  RoomState state(0);
  EXPECT_FALSE(state.join(client));
  EXPECT_FALSE(state.leave(client));
}

}  // namespace
}  // namespace coroom::detail::room
