#include "limits/byte_budget.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

namespace coroom::detail::limits {
namespace {

TEST(ByteBudget, GrantsNoMoreThanItsLimit) {
  ByteBudget budget(100);
  EXPECT_TRUE(budget.take(60));
  EXPECT_FALSE(budget.take(41));
  EXPECT_EQ(budget.used(), 60) << "rejected bytes are not counted";
  EXPECT_TRUE(budget.take(40));
  budget.give_back(100);
  EXPECT_EQ(budget.used(), 0);
}

TEST(ByteBudget, IsUnlimitedIfTheLimitIsZero) {
  ByteBudget budget(0);
  EXPECT_TRUE(budget.take(1'000'000));
  EXPECT_EQ(budget.used(), 1'000'000);
}

TEST(ByteBudget, GetsHeldBytesBackOnceAfterMoves) {
  const auto budget = std::make_shared<ByteBudget>(100);
  {
    HeldBytes held;
    EXPECT_TRUE(held.take(budget, 70));
    HeldBytes moved(std::move(held));
    HeldBytes assigned;
    assigned = std::move(moved);
    EXPECT_EQ(budget->used(), 70);
    HeldBytes too_many;
    EXPECT_FALSE(too_many.take(budget, 31));
  }
  EXPECT_EQ(budget->used(), 0);
}

TEST(ByteBudget, IsOptionalForHeldBytes) {
  HeldBytes held;
  EXPECT_TRUE(held.take(nullptr, 70));
}

}  // namespace
}  // namespace coroom::detail::limits
