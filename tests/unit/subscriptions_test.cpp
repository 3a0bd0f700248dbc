#include "centrifuge/subscriptions.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace coroom::detail::centrifuge {
namespace {

using namespace std::chrono_literals;

Subscription granted(ExpiryTime expires, std::string token = "") {
  Subscription subscription;
  subscription.grant = std::make_unique<SubscriptionGrant>(
      SubscriptionGrant{.token = {.id = std::move(token)}, .expires = expires});
  return subscription;
}

TEST(Subscriptions, FindsByChannel) {
  Subscriptions subscriptions;
  EXPECT_EQ(subscriptions.find("tea"), nullptr);
  Subscription subscription;
  subscription.client_info = std::make_shared<ClientInfo>("192.0.2.1");
  subscriptions.add("tea", std::move(subscription));
  subscriptions.add("cake", {});
  EXPECT_EQ(subscriptions.size(), 2);
  ASSERT_NE(subscriptions.find("tea"), nullptr);
  EXPECT_NE(subscriptions.find("tea")->client_info, nullptr);
  EXPECT_TRUE(subscriptions.remove("tea"));
  EXPECT_FALSE(subscriptions.remove("tea"));
  EXPECT_FALSE(subscriptions.contains("tea"));
  EXPECT_TRUE(subscriptions.contains("cake"));
  subscriptions.clear();
  EXPECT_EQ(subscriptions.size(), 0);
}

TEST(Subscriptions, ExpireInTheOrderOfTheirTimes) {
  Subscriptions subscriptions;
  subscriptions.add("a", granted(30s));
  subscriptions.add("b", granted(10s));
  subscriptions.add("c", granted(20s));
  subscriptions.add("d", {});
  EXPECT_EQ(subscriptions.next_expiry(), ExpiryTime(10s));
  EXPECT_EQ(subscriptions.first_expired(9s), nullptr);
  std::string order;
  while (const std::string* channel = subscriptions.first_expired(20s)) {
    order += *channel;
    subscriptions.remove(std::string(*channel));
  }
  EXPECT_EQ(order, "bc");
  EXPECT_EQ(subscriptions.next_expiry(), ExpiryTime(30s));
}

TEST(Subscriptions, NeverExpireWithoutATime) {
  Subscriptions subscriptions;
  EXPECT_EQ(subscriptions.next_expiry(), std::nullopt);
  subscriptions.add("a", {});
  subscriptions.add("b", granted(std::nullopt));
  EXPECT_EQ(subscriptions.next_expiry(), std::nullopt);
  EXPECT_EQ(subscriptions.first_expired(1h), nullptr);
}

TEST(Subscriptions, FindRevokedTokens) {
  Subscriptions subscriptions;
  subscriptions.add("a", {});
  subscriptions.add("b", granted(std::nullopt, "kept"));
  subscriptions.add("c", granted(std::nullopt, "revoked"));
  const auto is_revoked = [](const TokenTrace& token) { return token.id == "revoked"; };
  ASSERT_NE(subscriptions.first_revoked(is_revoked), nullptr);
  EXPECT_EQ(*subscriptions.first_revoked(is_revoked), "c");
  subscriptions.remove("c");
  EXPECT_EQ(subscriptions.first_revoked(is_revoked), nullptr);
}

TEST(Expiry, AddsTheGracePeriod) {
  EXPECT_EQ(expiry_after(5s, std::chrono::milliseconds(10'000), 25s), ExpiryTime(40s));
  EXPECT_EQ(expiry_after(5s, std::nullopt, 25s), std::nullopt);
}

TEST(Expiry, SurvivesTokensOfAnyLength) {
  EXPECT_GT(expiry_after(5s, std::chrono::milliseconds::max(), 25s), ExpiryTime(24h * 365));
}

}  // namespace
}  // namespace coroom::detail::centrifuge
