#include "centrifuge/permissions.hpp"

#include "support/broker_caller.hpp"
#include "support/settable_clock.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace coroom::detail::centrifuge {
namespace {

using namespace std::chrono_literals;

class PermissionsTest : public testing::Test {
 protected:
  PermissionsTest() {
    settings_.rules = [this](std::string_view) { return rules_; };
    settings_.max_subscriptions = 2;
    user_.user = "ann";
  }

  [[nodiscard]] ClientInChannel user_in(std::string_view channel, bool is_subscribed = false) const {
    return {user_, channel, is_subscribed};
  }
  [[nodiscard]] ClientInChannel guest_in(std::string_view channel, bool is_subscribed = false) const {
    return {guest_, channel, is_subscribed};
  }

  /// Returns the code of the error; 0 if there is none.
  static std::uint32_t code_of(const Permissions::Verdict& verdict) {
    return verdict ? 0 : verdict.error().error.code;
  }

  RoomRules rules_;
  CentrifugeSettings settings_;
  test::SettableClock clock_;
  Moderation moderation_{clock_};
  Permissions permissions_{settings_, moderation_};
  ClientInfo user_{.address = "192.0.2.1"};
  ClientInfo guest_{.address = "192.0.2.2"};
};

TEST_F(PermissionsTest, FollowsTheRulesOfTheRoom) {
  rules_.subscribe = {.client = true, .anonymous = false};
  rules_.publish = {.subscriber = true, .anonymous = true};
  EXPECT_EQ(code_of(permissions_.may_subscribe(user_in("tea"), false, 0)), 0);
  EXPECT_EQ(code_of(permissions_.may_subscribe(guest_in("tea"), false, 0)), error::permission_denied.code);
  EXPECT_EQ(code_of(permissions_.may_publish(guest_in("tea", true), "1")), 0);
  EXPECT_EQ(code_of(permissions_.may_publish(guest_in("tea"), "1")), error::permission_denied.code);
  rules_.presence = {};
  rules_.history = {.client = true};
  EXPECT_EQ(code_of(permissions_.may_read_presence(user_in("tea", true))), error::permission_denied.code);
  EXPECT_EQ(code_of(permissions_.may_read_history(user_in("tea"))), 0);
}

TEST_F(PermissionsTest, HasDefaultsWithoutRules) {
  settings_.rules = nullptr;
  EXPECT_EQ(code_of(permissions_.may_subscribe(guest_in("tea"), false, 0)), 0);
  EXPECT_EQ(code_of(permissions_.may_read_history(guest_in("tea"))), error::permission_denied.code);
}

TEST_F(PermissionsTest, RefusesInvalidNamesBeforeRules) {
  settings_.rules = [](std::string_view) -> RoomRules {
    ADD_FAILURE() << "rules of an invalid name";
    return {};
  };
  settings_.check_room = [](std::string_view) -> tl::expected<void, CentrifugeError> {
    ADD_FAILURE() << "check of an invalid name";
    return {};
  };
  const std::string bad("a\nb");
  EXPECT_EQ(code_of(permissions_.may_subscribe(user_in(bad), false, 0)), error::bad_request.code);
  EXPECT_EQ(code_of(permissions_.may_read_presence(user_in(bad))), error::bad_request.code);
}

TEST_F(PermissionsTest, LetsTheProgramCheckRooms) {
  settings_.check_room = [](std::string_view room) -> tl::expected<void, CentrifugeError> {
    if (room == "tea") return {};
    return tl::unexpected(CentrifugeError{.code = 107, .message = "there is no such room"});
  };
  EXPECT_EQ(code_of(permissions_.may_subscribe(user_in("tea"), false, 0)), 0);
  const auto refused = permissions_.may_subscribe(user_in("cake"), false, 0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error.code, error::bad_request.code);
  EXPECT_EQ(refused.error().error.message, "there is no such room");
  EXPECT_EQ(code_of(permissions_.may_publish(user_in("cake", true), "1")), 0)
      << "a subscribed client's room is known";
}

TEST_F(PermissionsTest, TrustsTheIssuerOfAToken) {
  rules_.subscribe = {};
  EXPECT_EQ(code_of(permissions_.may_subscribe(guest_in("tea"), true, 0)), 0);
  EXPECT_EQ(code_of(permissions_.may_subscribe(guest_in("tea"), false, 0)), error::permission_denied.code);
}

TEST_F(PermissionsTest, ClosesMarkedRooms) {
  const Permission all{.client = true, .anonymous = true};
  rules_ = {.subscribe = all, .publish = all, .presence = all, .history = all};
  for (const char* room : {"$tea", "milk:$tea", "tea#bob", "tea#ann"}) {
    const auto user = user_in(room);
    EXPECT_EQ(code_of(permissions_.may_subscribe(user, false, 0)), error::permission_denied.code) << room;
    EXPECT_EQ(code_of(permissions_.may_publish(user, "1")), error::permission_denied.code) << room;
    EXPECT_EQ(code_of(permissions_.may_read_presence(user)), error::permission_denied.code) << room;
    EXPECT_EQ(code_of(permissions_.may_read_history(user)), error::permission_denied.code) << room;
    EXPECT_EQ(code_of(permissions_.may_subscribe(user, true, 0)), 0) << room << ": a token opens it";
    const auto subscriber = user_in(room, true);
    EXPECT_EQ(code_of(permissions_.may_publish(subscriber, "1")), 0) << room;
    EXPECT_EQ(code_of(permissions_.may_read_history(subscriber)), 0) << room;
  }
  rules_.ignore_marks = true;
  EXPECT_EQ(code_of(permissions_.may_subscribe(guest_in("$tea"), false, 0)), 0);
  EXPECT_EQ(code_of(permissions_.may_publish(guest_in("tea#bob"), "1")), 0);
}

TEST_F(PermissionsTest, AdmitsListedUsersWithoutAToken) {
  rules_ = {.allow_user_limited = true, .subscribe = {}, .publish = {.client = true}};
  EXPECT_EQ(code_of(permissions_.may_subscribe(user_in("tea#bob,ann"), false, 0)), 0);
  EXPECT_EQ(code_of(permissions_.may_publish(user_in("tea#bob,ann"), "1")), 0);
  EXPECT_EQ(code_of(permissions_.may_read_history(user_in("tea#ann"))), error::permission_denied.code)
      << "the list grants no right beyond those of the room";
  EXPECT_EQ(code_of(permissions_.may_subscribe(user_in("tea#bob"), false, 0)), error::permission_denied.code);
  EXPECT_EQ(code_of(permissions_.may_publish(user_in("tea#bob"), "1")), error::permission_denied.code);
  EXPECT_EQ(code_of(permissions_.may_subscribe(user_in("$tea#ann"), false, 0)),
            error::permission_denied.code);
  ClientInfo guest{.address = "192.0.2.3"};
  guest.user = "ann";
  guest.guest = true;
  EXPECT_EQ(code_of(permissions_.may_subscribe({guest, "tea#ann"}, false, 0)), error::permission_denied.code);
  EXPECT_EQ(code_of(permissions_.may_subscribe(guest_in("tea#"), false, 0)), error::permission_denied.code);
}

TEST_F(PermissionsTest, ReportsUnknownRoomsBeforeMarks) {
  settings_.check_room = [](std::string_view) -> tl::expected<void, CentrifugeError> {
    return tl::unexpected(error::unknown_channel);
  };
  EXPECT_EQ(code_of(permissions_.may_subscribe(user_in("x:$tea"), false, 0)), error::unknown_channel.code);
  EXPECT_EQ(code_of(permissions_.may_subscribe(user_in("x:$tea"), true, 0)), error::unknown_channel.code);
  EXPECT_EQ(code_of(permissions_.may_read_history(user_in("x:tea"))), error::unknown_channel.code);
}

TEST_F(PermissionsTest, LimitsSubscriptions) {
  EXPECT_EQ(code_of(permissions_.may_subscribe(user_in("tea", true), false, 1)),
            error::already_subscribed.code);
  EXPECT_EQ(code_of(permissions_.may_subscribe(user_in("#ann", true), false, 1)),
            error::already_subscribed.code)
      << "also in a room that the client itself could not enter";
  EXPECT_EQ(code_of(permissions_.may_subscribe(user_in("tea"), false, 1)), 0);
  const auto refused = permissions_.may_subscribe(user_in("tea"), false, 2);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error.code, error::limit_exceeded.code);
  EXPECT_EQ(refused.error().counter, Counter::subscriptions_refused);
  EXPECT_EQ(refused.error().limit, "subscriptions");
}

TEST_F(PermissionsTest, RefusesPublicationsWithoutData) {
  EXPECT_EQ(code_of(permissions_.may_publish(user_in("tea", true), "")), error::bad_request.code);
}

TEST_F(PermissionsTest, RefusesPublicationsOfMutedClients) {
  test::BrokerCaller caller;
  EXPECT_TRUE(caller.wait(moderation_.impose(Restriction::mute("ann", "tea"))));
  const auto refused = permissions_.may_publish_now(user_in("tea", true), true);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error.code, error::permission_denied.code);
  EXPECT_EQ(refused.error().counter, Counter::publications_refused);
  EXPECT_TRUE(refused.error().limit.empty()) << "not logged as an exceeded limit";
  EXPECT_EQ(code_of(permissions_.may_publish_now(user_in("cake", true), true)), 0);
}

TEST_F(PermissionsTest, ChargesSlowModeLast) {
  rules_.slow_mode = 10s;
  EXPECT_EQ(code_of(permissions_.may_publish_now(user_in("tea"), false)), error::too_many_rooms.code)
      << "not charged";
  EXPECT_EQ(code_of(permissions_.may_publish_now(user_in("tea"), true)), 0);
  EXPECT_EQ(code_of(permissions_.may_publish_now(user_in("tea"), true)), error::too_many_requests.code);
  clock_.advance(10s);
  EXPECT_EQ(code_of(permissions_.may_publish_now(user_in("tea"), true)), 0);
}

TEST_F(PermissionsTest, ReadsOnlyWhatTheRoomHas) {
  EXPECT_EQ(code_of(Permissions::has_presence({.presence = true})), 0);
  EXPECT_EQ(code_of(Permissions::has_presence({.presence = false})), error::not_available.code);
  const RoomOptions kept{.history_size = 1, .history_ttl = 1s};
  EXPECT_EQ(code_of(Permissions::has_history(kept, {})), 0);
  EXPECT_EQ(code_of(Permissions::has_history({}, {})), error::not_available.code);
  HistoryRequest from_nowhere;
  from_nowhere.since = Position(0, "");
  from_nowhere.reverse = true;
  EXPECT_EQ(code_of(Permissions::has_history(kept, from_nowhere)), error::bad_request.code);
}

}  // namespace
}  // namespace coroom::detail::centrifuge
