#include "room/presence_set.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace coroom::detail::room {
namespace {

SharedClientInfo connection_of(std::string user) {
  auto client_info = std::make_shared<ClientInfo>();
  client_info->client_id = new_client_id();
  client_info->user = std::move(user);
  return client_info;
}

TEST(PresenceSet, CountsAUserWithSeveralConnectionsOnce) {
  PresenceSet set;
  const auto first = connection_of("42");
  set.join(first);
  set.join(connection_of("42"));
  set.join(connection_of("7"));
  EXPECT_EQ(set.snapshot()->members.size(), 3);
  EXPECT_EQ(set.snapshot()->users, 2);
  set.leave(first);
  EXPECT_EQ(set.snapshot()->members.size(), 2);
  EXPECT_EQ(set.snapshot()->users, 2) << "one connection of 42 is left";
}

TEST(PresenceSet, CountsAnonymousClientsSeparately) {
  PresenceSet set;
  EXPECT_EQ(set.users(), 0);
  const auto tab = connection_of("42");
  const auto other_tab = connection_of("42");
  const auto anonymous = connection_of("");
  for (const auto& one : {tab, other_tab, anonymous, connection_of("")}) set.join(one);
  EXPECT_EQ(set.users(), 3) << "a user with two connections, and two anonymous clients";
  EXPECT_EQ(set.snapshot()->users, 2) << "all anonymous clients count as one user";
  set.join(tab);
  set.leave(tab);
  set.leave(tab);
  set.leave(anonymous);
  EXPECT_EQ(set.users(), 2);
  set.leave(anonymous);
  set.leave(other_tab);
  EXPECT_EQ(set.users(), 1);
  EXPECT_EQ(set.snapshot()->users, 1);
}

TEST(PresenceSet, CountsDistinctAnonymousClientsByAddress) {
  const auto anonymous_at = [](const std::string& address) {
    auto client_info = std::make_shared<ClientInfo>(address);
    client_info->client_id = new_client_id();
    return client_info;
  };
  PresenceSet set;
  const auto first = anonymous_at("192.0.2.1");
  const auto second = anonymous_at("192.0.2.1");
  const auto elsewhere = anonymous_at("192.0.2.2");
  for (const auto& one : {first, second, elsewhere}) set.join(one);
  EXPECT_EQ(set.users(), 3);
  EXPECT_EQ(set.distinct(), 2);
  set.join(connection_of("42"));
  set.join(connection_of("42"));
  EXPECT_EQ(set.distinct(), 3);
  set.leave(first);
  EXPECT_EQ(set.distinct(), 3) << "one connection of the address is left";
  set.leave(second);
  set.leave(elsewhere);
  EXPECT_EQ(set.distinct(), 1);
}

/// The set changes its form when it grows.
TEST(PresenceSet, CountsTheSameWhenItIsLarge) {
  PresenceSet set;
  std::vector<SharedClientInfo> members;
  for (int index = 0; index != 30; ++index) {
    const bool has_user = index % 3 != 0;
    auto client_info = std::make_shared<ClientInfo>("192.0.2." + std::to_string(index % 2));
    client_info->client_id = new_client_id();
    if (has_user) client_info->user = std::to_string(index % 5);
    members.push_back(std::move(client_info));
    set.join(members.back());
    set.join(members.back());
    EXPECT_EQ(set.snapshot()->members.size(), members.size());
  }
  EXPECT_EQ(set.users(), 5 + 10) << "five users, and ten connections without one";
  EXPECT_EQ(set.distinct(), 5 + 2);
  EXPECT_EQ(set.snapshot()->users, 5 + 1);
  for (const auto& member : members) set.leave(member);
  EXPECT_EQ(set.users(), 5 + 10) << "each is a member twice";
  while (!members.empty()) {
    set.leave(members.back());
    members.pop_back();
    EXPECT_EQ(set.snapshot()->members.size(), members.size());
  }
  EXPECT_EQ(set.users(), 0);
  EXPECT_EQ(set.distinct(), 0);
  set.join(connection_of("42"));
  EXPECT_EQ(set.users(), 1);
}

TEST(PresenceSet, KeepsAConnectionUntilItsLastLeave) {
  PresenceSet set;
  const auto one = connection_of("");
  set.join(one);
  set.join(one);
  set.leave(one);
  EXPECT_EQ(set.snapshot()->members.size(), 1);
  set.leave(one);
  EXPECT_TRUE(set.snapshot()->members.empty());
  set.leave(one);
  EXPECT_TRUE(set.snapshot()->members.empty()) << "a leave without a join has no effect";
}

TEST(PresenceSet, OmitsClientsWithoutAnId) {
  PresenceSet set;
  set.join(std::make_shared<const ClientInfo>("192.0.2.1"));
  EXPECT_TRUE(set.snapshot()->members.empty());
}

TEST(PresenceSet, CopiesOnlyAfterAChange) {
  PresenceSet set;
  set.join(connection_of("1"));
  const auto before = set.snapshot();
  EXPECT_EQ(set.snapshot(), before);
  set.join(connection_of("2"));
  EXPECT_NE(set.snapshot(), before);
  EXPECT_EQ(before->members.size(), 1) << "an earlier snapshot stays valid";
}

}  // namespace
}  // namespace coroom::detail::room
