#include "centrifuge/pending_replies.hpp"

#include <gtest/gtest.h>

namespace coroom::detail::centrifuge {
namespace {

TEST(PendingReplies, KeepsTheOrderOfCommands) {
  PendingReplies replies("\n");
  const auto first = replies.reserve("tea");
  const auto second = replies.reserve("tea");
  const auto third = replies.reserve("tea");
  replies.fill(second, "2");
  EXPECT_EQ(replies.take(), "") << "the first reply is pending";
  replies.fill(first, "1");
  EXPECT_EQ(replies.take(), "1\n2");
  EXPECT_EQ(replies.size(), 1);
  replies.fill(third, "3");
  EXPECT_EQ(replies.take(), "3");
  EXPECT_EQ(replies.size(), 0);
  EXPECT_EQ(replies.take(), "");
}

TEST(PendingReplies, SeparatesChannels) {
  PendingReplies replies("\n");
  const auto slow = replies.reserve("tea");
  const auto behind = replies.reserve("tea");
  const auto other = replies.reserve("cake");
  PendingReplies::fill(behind, "behind");
  PendingReplies::fill(other, "other");
  EXPECT_EQ(replies.take(), "other");
  EXPECT_EQ(replies.size(), 2);
  EXPECT_EQ(replies.size("tea"), 2);
  EXPECT_EQ(replies.size("cake"), 0);
  PendingReplies::fill(slow, "slow");
  EXPECT_EQ(replies.take(), "slow\nbehind");
  EXPECT_EQ(replies.size(), 0);
}

TEST(PendingReplies, KeepsSlotsWhileOtherChannelsChange) {
  PendingReplies replies("\n");
  const auto slow = replies.reserve("tea");
  for (int number = 0; number != 100; ++number) {
    const auto slot = replies.reserve("room" + std::to_string(number));
    PendingReplies::fill(slot, "x");
    EXPECT_EQ(replies.take(), "x");
  }
  PendingReplies::fill(slow, "slow");
  EXPECT_EQ(replies.take(), "slow");
}

}  // namespace
}  // namespace coroom::detail::centrifuge
