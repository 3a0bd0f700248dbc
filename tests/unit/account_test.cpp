#include "net/account.hpp"

#include <gtest/gtest.h>

namespace coroom::detail::net {
namespace {

using namespace std::chrono_literals;

constexpr TokenBucket::TimePoint start(1000s);

TEST(Account, DoesNotCountWhatItRefuses) {
  Account account({.rate = {.messages = 1, .bytes = 0}});
  EXPECT_TRUE(account.take(10, 0, start));
  for (int more = 0; more != 100; ++more) EXPECT_FALSE(account.take(1, 0, start));
  EXPECT_TRUE(account.take(1, 0, start + 1s));
  EXPECT_FALSE(account.take(1, 0, start + 1s));
}

TEST(Account, CountsTheRoomsThatAreThere) {
  Account account({.rooms = 1});
  EXPECT_TRUE(account.open_room());
  EXPECT_FALSE(account.open_room());
  account.close_room();
  EXPECT_TRUE(account.open_room());
}

TEST(Account, AnswersNoMoreUntilRepliesArePaidFor) {
  Account account({.reply_rate = 100});
  account.pay_for_reply(999, start);
  EXPECT_TRUE(account.may_be_replied_to(start));
  account.pay_for_reply(500, start);
  EXPECT_FALSE(account.may_be_replied_to(start));
  EXPECT_TRUE(account.take(1, 1, start)) << "what it sends is another thing";
  EXPECT_FALSE(account.may_be_replied_to(start + 4s));
  EXPECT_TRUE(account.may_be_replied_to(start + 5s));
}

TEST(Account, OwesForAllThatWasRepliedAtATime) {
  Account account({.reply_rate = 100});
  for (int connection = 0; connection != 5; ++connection) account.pay_for_reply(1000, start);
  EXPECT_FALSE(account.may_be_replied_to(start + 40s));
  EXPECT_TRUE(account.may_be_replied_to(start + 41s));
  for (int connection = 0; connection != 100; ++connection) account.pay_for_reply(1000, start + 41s);
  EXPECT_TRUE(account.may_be_replied_to(start + 41s + 61s)) << "a minute is the longest";
}

TEST(Account, HearsNoMoreUntilDeliveriesArePaidFor) {
  Account account({.delivery_rate = 10});
  EXPECT_TRUE(account.take(1, 1, start));
  account.pay_for_deliveries(150, start);
  EXPECT_FALSE(account.take(1, 1, start + 4s));
  EXPECT_TRUE(account.may_be_replied_to(start + 4s));
  EXPECT_FALSE(account.is_settled(start + 6s));
  EXPECT_TRUE(account.take(1, 1, start + 6s));
  EXPECT_TRUE(account.is_settled(start + 16s));
}

TEST(Account, LimitsNothingUnlessAsked) {
  Account account({});
  EXPECT_TRUE(account.take(1'000'000, 1'000'000'000, start));
  EXPECT_TRUE(account.open_room() && account.open_room());
}

TEST(Account, IsSettledOnceNothingIsTakenAndNothingIsOwed) {
  Account account({.rate = {.messages = 1, .bytes = 1}, .rooms = 1});
  EXPECT_TRUE(account.is_settled(start));
  EXPECT_TRUE(account.take(0, 1, start));
  EXPECT_FALSE(account.is_settled(start));
  EXPECT_TRUE(account.open_room());
  EXPECT_FALSE(account.is_settled(start + 1s));
  account.close_room();
  EXPECT_TRUE(account.is_settled(start + 1s));
}

}  // namespace
}  // namespace coroom::detail::net
