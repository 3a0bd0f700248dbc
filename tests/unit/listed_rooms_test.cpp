#include "server/listed_rooms.hpp"

#include <gtest/gtest.h>

#include <string>

namespace coroom::server {
namespace {

ClientInfo guest(const std::string& user) {
  ClientInfo client_info("192.0.2.1");
  client_info.user = user;
  client_info.guest = true;
  return client_info;
}

int taken(ListedRooms& rooms, const ClientInfo& opener, int count, std::size_t distinct = 2) {
  int listed = 0;
  for (int number = 0; number != count; ++number) listed += rooms.take({"room", 5, distinct, opener}) ? 1 : 0;
  return listed;
}

TEST(ListedRooms, RequiresTwoDistinctUsers) {
  ListedRooms rooms;
  EXPECT_EQ(taken(rooms, guest("ann"), 1, 1), 0) << "regardless of the number of connections";
  EXPECT_EQ(taken(rooms, guest("ann"), 1, 2), 1);
}

TEST(ListedRooms, DoesNotLimitUsersWithAToken) {
  ClientInfo user("192.0.2.1");
  user.user = "7";
  ListedRooms rooms;
  EXPECT_EQ(taken(rooms, user, 50, 1), 50);
}

TEST(ListedRooms, ListsAtMostTenRoomsOfAGuest) {
  ListedRooms rooms;
  EXPECT_EQ(taken(rooms, guest("ann"), 60), 10);
  EXPECT_EQ(taken(rooms, guest("bob"), 60), 10);
}

TEST(ListedRooms, ListsAtMostTenRoomsOfAnAddress) {
  ListedRooms rooms;
  EXPECT_EQ(taken(rooms, ClientInfo("192.0.2.1"), 60), 10);
  EXPECT_EQ(taken(rooms, ClientInfo("192.0.2.2"), 60), 10);
  EXPECT_EQ(taken(rooms, guest("192.0.2.1"), 60), 10) << "a user with such a name has a limit of its own";
}

TEST(ListedRooms, DoesNotCountOmittedRooms) {
  ListedRooms rooms;
  EXPECT_EQ(taken(rooms, guest("ann"), 60, 1), 0);
  EXPECT_EQ(taken(rooms, guest("ann"), 60, 2), 10);
}

}  // namespace
}  // namespace coroom::server
