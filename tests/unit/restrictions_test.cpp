#include "moderation/restrictions.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace coroom::detail::moderation {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::make_address;
using Kind = Restriction::Kind;

Clock::TimePoint at(std::chrono::seconds second) {
  return Clock::TimePoint(second);
}

class RestrictionsTest : public testing::Test {
 protected:
  void put(Restriction restriction) { restrictions_.put(checked(std::move(restriction), at(0s)).value()); }

  [[nodiscard]] bool is_banned(const char* address) const {
    return restrictions_.ban(make_address(address), at(1s));
  }

  [[nodiscard]] std::vector<std::string> subjects(std::optional<Kind> kind, Clock::TimePoint now) const {
    std::vector<std::string> found;
    for (const Restriction& restriction : restrictions_.all(kind, now)) found.push_back(restriction.subject);
    return found;
  }

  static std::string fault_of(Restriction restriction) {
    const auto result = checked(std::move(restriction), at(10s));
    return result ? "" : result.error().message;
  }

  Restrictions restrictions_;
};

TEST_F(RestrictionsTest, BansAUserUntilTheEnd) {
  put(Restriction::ban_user("42", at(60s)));
  put(Restriction::ban_user("43"));
  EXPECT_TRUE(restrictions_.ban("42", at(59s)));
  EXPECT_FALSE(restrictions_.ban("42", at(60s)));
  EXPECT_TRUE(restrictions_.ban("43", at(1h)));
  EXPECT_FALSE(restrictions_.ban("44", at(1s)));
  EXPECT_FALSE(restrictions_.ban("", at(1s))) << "an empty name selects no user";
}

TEST_F(RestrictionsTest, BansAddressesByNetwork) {
  put(Restriction::ban_network("192.0.2.1"));
  put(Restriction::ban_network("198.51.100.0/24"));
  put(Restriction::ban_network("2001:db8::/64"));
  EXPECT_TRUE(is_banned("192.0.2.1"));
  EXPECT_TRUE(is_banned("::ffff:192.0.2.1"));
  EXPECT_FALSE(is_banned("192.0.2.2"));
  EXPECT_TRUE(is_banned("198.51.100.200"));
  EXPECT_TRUE(is_banned("2001:db8::1"));
  EXPECT_FALSE(is_banned("2001:db8:0:1::1"));
  EXPECT_TRUE(restrictions_.remove(Kind::network_ban, subject_of(Kind::network_ban, "198.51.100.7/24"), ""));
  EXPECT_FALSE(is_banned("198.51.100.200"));
  EXPECT_TRUE(is_banned("192.0.2.1"));
}

TEST_F(RestrictionsTest, SeparatesUsersFromAddresses) {
  put(Restriction::ban_user("192.0.2.1"));
  EXPECT_FALSE(is_banned("192.0.2.1"));
  put(Restriction::ban_network("192.0.2.2"));
  EXPECT_FALSE(restrictions_.ban("192.0.2.2", at(1s)));
}

TEST_F(RestrictionsTest, MutesInOneRoomOrEverywhere) {
  put(Restriction::mute("42", "tea"));
  EXPECT_TRUE(restrictions_.mute("42", "tea", at(1s)));
  EXPECT_FALSE(restrictions_.mute("42", "cake", at(1s)));
  EXPECT_FALSE(restrictions_.mute("43", "tea", at(1s)));
  put(Restriction::mute("42", "", at(60s)));
  EXPECT_TRUE(restrictions_.mute("42", "cake", at(1s)));
  EXPECT_FALSE(restrictions_.mute("42", "cake", at(60s)));
  EXPECT_TRUE(restrictions_.mute("42", "tea", at(60s))) << "it is a separate restriction without an end";
}

TEST_F(RestrictionsTest, RevokesATokenById) {
  put(Restriction::revoke_token("a", at(60s)));
  EXPECT_TRUE(restrictions_.revoke("42", {"a", at(1s)}, at(1s)));
  EXPECT_FALSE(restrictions_.revoke("42", {"b", at(1s)}, at(1s)));
  EXPECT_FALSE(restrictions_.revoke("42", {"", at(1s)}, at(1s)));
  EXPECT_FALSE(restrictions_.revoke("42", {"a", at(1s)}, at(60s))) << "the restriction has expired";
}

TEST_F(RestrictionsTest, RevokesOldAndUndatedTokensOfAUser) {
  put(Restriction::revoke_user("42", at(100s)));
  EXPECT_TRUE(restrictions_.revoke("42", {"", at(99s)}, at(1s)));
  EXPECT_FALSE(restrictions_.revoke("42", {"", at(100s)}, at(1s)));
  EXPECT_TRUE(restrictions_.revoke("42", {}, at(1s)));
  EXPECT_FALSE(restrictions_.revoke("43", {"", at(99s)}, at(1s)));
}

TEST_F(RestrictionsTest, SetsAndResetsSlowMode) {
  EXPECT_EQ(restrictions_.interval_of("tea", at(1s)), std::nullopt);
  put(Restriction::slow("tea", 10s));
  EXPECT_EQ(restrictions_.interval_of("tea", at(1s)), 10s);
  put(Restriction::slow("tea", 0s));
  EXPECT_EQ(restrictions_.interval_of("tea", at(1s)), 0s);
}

TEST_F(RestrictionsTest, ReplacesAnEarlierRestriction) {
  put(Restriction::ban_user("42", at(60s)));
  put(Restriction::ban_user("42"));
  EXPECT_EQ(restrictions_.count(Kind::user_ban), 1);
  EXPECT_TRUE(restrictions_.ban("42", at(1h)));
  EXPECT_TRUE(restrictions_.remove(Kind::user_ban, "42", ""));
  EXPECT_FALSE(restrictions_.remove(Kind::user_ban, "42", ""));
  EXPECT_EQ(restrictions_.count(Kind::user_ban), 0);
}

TEST_F(RestrictionsTest, ListsActiveRestrictions) {
  put(Restriction::ban_user("42", at(60s)));
  put(Restriction::ban_user("43"));
  put(Restriction::mute("44"));
  EXPECT_EQ(subjects({}, at(1s)), (std::vector<std::string>{"42", "43", "44"}));
  EXPECT_EQ(subjects(Kind::user_ban, at(60s)), std::vector<std::string>{"43"});
}

TEST_F(RestrictionsTest, ForgetsExpiredRestrictions) {
  constexpr int many = 1000;
  for (int number = 0; number != many; ++number)
    put(Restriction::revoke_token(std::to_string(number), at(std::chrono::seconds(1 + number % 60))));
  for (int turn = 0; turn != many / 10; ++turn) {
    restrictions_.forget_some(at(30s));
    put(Restriction::revoke_token("kept" + std::to_string(turn)));
  }
  EXPECT_EQ(restrictions_.all({}, at(0s)).size(), restrictions_.all({}, at(30s)).size());
  EXPECT_EQ(restrictions_.count(Kind::token_revocation), restrictions_.all({}, at(30s)).size());
}

TEST_F(RestrictionsTest, RejectsInvalidRestrictions) {
  EXPECT_NE(fault_of(Restriction::ban_user("")), "");
  EXPECT_NE(fault_of(Restriction::ban_user("42", at(10s))), "");
  EXPECT_NE(fault_of(Restriction::slow("tea", -1s)), "");
  EXPECT_EQ(fault_of(Restriction::ban_network("10.0.0.0/40")),
            "'10.0.0.0/40' is not an address or a network such as 192.0.2.0/24 or 2001:db8::/64");
  EXPECT_EQ(fault_of(Restriction::ban_user("42", at(11s))), "");
}

}  // namespace
}  // namespace coroom::detail::moderation
