#include "centrifuge/pending_replies.hpp"

#include <gtest/gtest.h>

namespace coroom::centrifuge {
namespace {

TEST(PendingReplies, LeaveInTheOrderOfTheirCommands) {
  PendingReplies replies;
  const auto first = replies.reserve();
  const auto second = replies.reserve();
  const auto third = replies.reserve();
  replies.fill(second, "2");
  EXPECT_EQ(replies.take(), "") << "the first is not known yet";
  replies.fill(first, "1");
  EXPECT_EQ(replies.take(), "1\n2");
  EXPECT_EQ(replies.size(), 1);
  replies.fill(third, "3");
  EXPECT_EQ(replies.take(), "3");
  EXPECT_EQ(replies.size(), 0);
  EXPECT_EQ(replies.take(), "");
}

}  // namespace
}  // namespace coroom::centrifuge
