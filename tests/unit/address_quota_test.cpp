#include "limits/address_quota.hpp"

#include <gtest/gtest.h>

namespace coroom::detail::limits {
namespace {

using namespace std::chrono_literals;

constexpr TokenBucket::TimePoint start(1000s);

TEST(AddressQuota, DoesNotChargeRejectedMessages) {
  AddressQuota quota({.rate = {.messages = 1, .bytes = 0}});
  EXPECT_TRUE(quota.take(10, 0, start));
  for (int more = 0; more != 100; ++more) EXPECT_FALSE(quota.take(1, 0, start));
  EXPECT_TRUE(quota.take(1, 0, start + 1s));
  EXPECT_FALSE(quota.take(1, 0, start + 1s));
}

TEST(AddressQuota, CountsOpenRooms) {
  AddressQuota quota({.rooms = 1});
  EXPECT_TRUE(quota.open_room());
  EXPECT_FALSE(quota.open_room());
  quota.close_room();
  EXPECT_TRUE(quota.open_room());
}

TEST(AddressQuota, DelaysRepliesUntilEarlierOnesArePaid) {
  AddressQuota quota({.reply_rate = 100});
  quota.pay_for_reply(999, start);
  EXPECT_TRUE(quota.may_be_replied_to(start));
  quota.pay_for_reply(500, start);
  EXPECT_FALSE(quota.may_be_replied_to(start));
  EXPECT_TRUE(quota.take(1, 1, start)) << "received messages are charged separately";
  EXPECT_FALSE(quota.may_be_replied_to(start + 4s));
  EXPECT_TRUE(quota.may_be_replied_to(start + 5s));
}

TEST(AddressQuota, AccumulatesDebtUpToAMinute) {
  AddressQuota quota({.reply_rate = 100});
  for (int connection = 0; connection != 5; ++connection) quota.pay_for_reply(1000, start);
  EXPECT_FALSE(quota.may_be_replied_to(start + 40s));
  EXPECT_TRUE(quota.may_be_replied_to(start + 41s));
  for (int connection = 0; connection != 100; ++connection) quota.pay_for_reply(1000, start + 41s);
  EXPECT_TRUE(quota.may_be_replied_to(start + 41s + 61s)) << "the debt is at most one minute";
}

TEST(AddressQuota, RejectsMessagesUntilDeliveriesArePaid) {
  AddressQuota quota({.delivery_rate = 10});
  EXPECT_TRUE(quota.take(1, 1, start));
  quota.pay_for_deliveries(150, start);
  EXPECT_FALSE(quota.take(1, 1, start + 4s));
  EXPECT_TRUE(quota.may_be_replied_to(start + 4s));
  EXPECT_FALSE(quota.is_settled(start + 6s));
  EXPECT_TRUE(quota.take(1, 1, start + 6s));
  EXPECT_TRUE(quota.is_settled(start + 16s));
}

TEST(AddressQuota, LimitsNothingByDefault) {
  AddressQuota quota({});
  EXPECT_TRUE(quota.take(1'000'000, 1'000'000'000, start));
  EXPECT_TRUE(quota.open_room() && quota.open_room());
}

TEST(AddressQuota, IsSettledWithoutChargesAndDebts) {
  AddressQuota quota({.rate = {.messages = 1, .bytes = 1}, .rooms = 1});
  EXPECT_TRUE(quota.is_settled(start));
  EXPECT_TRUE(quota.take(0, 1, start));
  EXPECT_FALSE(quota.is_settled(start));
  EXPECT_TRUE(quota.open_room());
  EXPECT_FALSE(quota.is_settled(start + 1s));
  quota.close_room();
  EXPECT_TRUE(quota.is_settled(start + 1s));
}

}  // namespace
}  // namespace coroom::detail::limits
