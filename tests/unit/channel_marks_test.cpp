#include "centrifuge/channel_marks.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace coroom::detail::centrifuge {
namespace {

ClientInfo user(std::string id) {
  ClientInfo client_info;
  client_info.user = std::move(id);
  return client_info;
}

TEST(ChannelMarks, FindsMarksInNames) {
  for (const char* room : {"#42", "chat#42,43", "chat#", "c#", "tea:#42", "$", "$chat", "tea:$chat",
                           "typing:tea:$chat", "typing:chat#42", "$chat#42"})
    EXPECT_TRUE(has_marks(room)) << room;
  for (const char* room : {"", "chat", "tea:chat", "price $5", "us$", "tea:us$:1"})
    EXPECT_FALSE(has_marks(room)) << room;
}

TEST(ChannelMarks, ListsUsersAfterTheLastHash) {
  for (const char* id : {"42", "43"}) EXPECT_TRUE(lists_user("chat#42,43", id)) << id;
  for (const char* id : {"", "4", "2", "42,43", "chat", " 42"})
    EXPECT_FALSE(lists_user("chat#42,43", id)) << id;
  EXPECT_TRUE(lists_user("#42", "42"));
  EXPECT_TRUE(lists_user("tea:#42", "42"));
  EXPECT_TRUE(lists_user("chat#1#42", "42"));
  EXPECT_FALSE(lists_user("chat#1#42", "1"));
  EXPECT_FALSE(lists_user("chat#1#42", "1#42"));
  EXPECT_FALSE(lists_user("chat", "chat"));
}

TEST(ChannelMarks, ListNobodyInEmptyLists) {
  for (const char* room : {"chat#", "chat#,", "chat#,42", "#", "chat#42,,43"})
    EXPECT_FALSE(lists_user(room, "")) << room;
}

TEST(ChannelMarks, AdmitOnlyListedUsers) {
  const RoomRules rules{.allow_user_limited = true};
  EXPECT_EQ(mark_access("chat#42", rules, user("42")), MarkAccess::listed);
  EXPECT_EQ(mark_access("chat#42", rules, user("43")), MarkAccess::closed);
  EXPECT_EQ(mark_access("chat#", rules, user("")), MarkAccess::closed);
  EXPECT_EQ(mark_access("chat", rules, user("43")), MarkAccess::unmarked);
  ClientInfo guest = user("42");
  guest.guest = true;
  EXPECT_EQ(mark_access("chat#42", rules, guest), MarkAccess::closed) << "a guest chooses its ID";
}

TEST(ChannelMarks, CloseListsByDefault) {
  EXPECT_EQ(mark_access("chat#42", {}, user("42")), MarkAccess::closed);
}

TEST(ChannelMarks, ClosePrivateRoomsToListedUsers) {
  const RoomRules rules{.allow_user_limited = true};
  for (const char* room : {"$chat#42", "tea:$chat#42", "$chat"})
    EXPECT_EQ(mark_access(room, rules, user("42")), MarkAccess::closed) << room;
}

TEST(ChannelMarks, HaveNoMeaningWhereIgnored) {
  const RoomRules rules{.allow_user_limited = true, .ignore_marks = true};
  for (const char* room : {"$chat", "chat#42", "tea:$chat#43"})
    EXPECT_EQ(mark_access(room, rules, user("42")), MarkAccess::unmarked) << room;
}

TEST(ChannelMarks, OverrideTheRuleToSubscribe) {
  const RoomRules open{.allow_user_limited = true};
  RoomRules shut = open;
  shut.subscribe = {};
  EXPECT_TRUE(may_enter("chat#42", shut, user("42")));
  EXPECT_FALSE(may_enter("chat#42", open, user("43")));
  EXPECT_FALSE(may_enter("$chat", open, user("42")));
  EXPECT_TRUE(may_enter("chat", open, user("")));
  EXPECT_FALSE(may_enter("chat", shut, user("42")));
}

}  // namespace
}  // namespace coroom::detail::centrifuge
