#include "limits/publish_pace.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace coroom::detail::limits {
namespace {

using namespace std::chrono_literals;

constexpr PublishPace::TimePoint start(1000s);
constexpr Rate rate{.per_second = 1000, .burst = 500};
constexpr Rate any{};

Publication text(std::string data) {
  return {Publication::Kind::text, std::make_shared<const ClientInfo>("192.0.2.1"), std::move(data)};
}

TEST(PublishPace, AllowsABurstAndThenTheRate) {
  PublishPace pace(rate);
  EXPECT_EQ(pace.take(500, start, 1s), 0s);
  EXPECT_EQ(pace.take(100, start, 1s), 0s) << "the bucket was not empty";
  EXPECT_EQ(pace.take(100, start, 1s), 100ms);
  EXPECT_EQ(pace.take(100, start, 1s), 200ms);
  EXPECT_EQ(pace.take(100, start + 10s, 1s), 0s);
}

TEST(PublishPace, DoesNotChargeRejectedPublications) {
  PublishPace pace(rate);
  EXPECT_EQ(pace.take(2000, start, 1s), 0s) << "one publication may exceed the burst";
  for (int more = 0; more != 10; ++more) EXPECT_EQ(pace.take(1, start, 1s), std::nullopt);
  EXPECT_EQ(pace.take(1, start + 500ms, 1s), 1s);
}

TEST(PublishPace, LimitsNothingByDefault) {
  PublishPace pace(any);
  EXPECT_EQ(pace.take(1'000'000'000, start, 0s), 0s);
}

TEST(PublishPace, CountsTheBytesThatAreDelivered) {
  EXPECT_GT(delivered_size("tea", text("")), 100);
  EXPECT_EQ(delivered_size("tea", text("\"\"\n")), delivered_size("tea", text("abcdef")));
  auto client_info = std::make_shared<ClientInfo>("192.0.2.1");
  client_info->conn_info = std::string(1000, ' ');
  const Publication with_info(Publication::Kind::text, client_info, "");
  EXPECT_EQ(delivered_size("tea", with_info), delivered_size("tea", text("")) + 1000);
  Publication tagged = text("");
  tagged.tags = std::make_shared<const Tags>(Tags{{"key", std::string(1000, ' ')}});
  EXPECT_GE(delivered_size("tea", tagged), delivered_size("tea", text("")) + 1003);
}

TEST(PublishPace, RejectsAnAddressAboveItsShare) {
  PublishPace pace(any);
  AddressQuota one({.published = rate});
  AddressQuota other({.published = rate});
  const Publication large = text(std::string(500, 'x'));
  EXPECT_EQ(charge("tea", pace, one, large, start), PublishPace::Duration(0));
  const auto refused = charge("tea", pace, one, large, start);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::too_fast);
  EXPECT_TRUE(charge("tea", pace, other, large, start));
  EXPECT_TRUE(charge("tea", pace, one, large, start + 1s));
}

TEST(PublishPace, LimitsWaitingPublicationsOfAnAddress) {
  PublishPace pace(rate);
  AddressQuota quota({});
  const Publication large = text(std::string(500, 'x'));
  EXPECT_TRUE(charge("tea", pace, quota, large, start));
  const auto wait = charge("tea", pace, quota, large, start);
  ASSERT_TRUE(wait);
  EXPECT_GT(wait->count(), 0);
  const AddressQuota::Waiting first(quota);
  const AddressQuota::Waiting second(quota);
  const AddressQuota::Waiting third(quota);
  const AddressQuota::Waiting fourth(quota);
  EXPECT_FALSE(charge("tea", pace, quota, large, start));
}

}  // namespace
}  // namespace coroom::detail::limits
