#include "support/broker_caller.hpp"
#include "support/settable_clock.hpp"

#include <coroom/log.hpp>
#include <coroom/moderation.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace coroom {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Kind = Restriction::Kind;
using PublishDecision = Moderation::PublishDecision;
using Status = Moderation::Status;

/// Stores restrictions in memory, and reports `fault` for each write.
class Store final : public ModerationStore {
 public:
  std::vector<Restriction> take() override { return kept; }
  void keep(const Restriction& restriction, Done done) override {
    kept.push_back(restriction);
    done(fault);
  }
  void forget(Kind kind, const std::string& subject, const std::string& /*room*/, Done done) override {
    std::erase_if(kept,
                  [&](const Restriction& each) { return each.kind == kind && each.subject == subject; });
    done(fault);
  }

  std::vector<Restriction> kept;
  Result<> fault;
};

/// Records the calls of the moderation.
class RecordingConnection final : public ModeratedConnection {
 public:
  explicit RecordingConnection(std::string user, std::string address = "192.0.2.1") {
    auto made = std::make_shared<ClientInfo>(std::move(address));
    made->client_id = new_client_id();
    made->user = std::move(user);
    client_info = std::move(made);
  }

  Status connect(Moderation& moderation, boost::asio::io_context& context,
                 std::optional<TokenTrace> token = std::nullopt) {
    auto registered =
        moderation.register_connection(*this, context.get_executor(), client_info, std::move(token));
    if (!registered) return registered.error();
    registration = std::move(*registered);
    return Status::good;
  }

  void on_kick(const Disconnect& disconnect) override {
    calls.push_back(std::to_string(disconnect.code) + " " + disconnect.reason);
  }
  void on_kick_from(const std::string& room) override { calls.push_back("from " + room); }
  void on_revoked() override { calls.emplace_back("revoked"); }

  SharedClientInfo client_info;
  std::vector<std::string> calls;
  std::optional<Moderation::Registration> registration;
};

class ModerationTest : public testing::Test {
 protected:
  ModerationTest() {
    logging::configure(logging::Level::off, logging::Format::text);
    clock_.set(Clock::TimePoint(1000s));
  }

  Result<> impose(Restriction restriction) {
    auto done = caller_.wait(moderation_->impose(std::move(restriction)));
    deliver();
    return done;
  }

  bool lift(Kind kind, const std::string& subject, const std::string& room = "") {
    return caller_.wait(moderation_->lift(kind, subject, room)).value();
  }

  void deliver() {
    context_.restart();
    context_.run();
  }

  Status connect(RecordingConnection& connection, std::optional<TokenTrace> token = std::nullopt) {
    return connection.connect(*moderation_, context_, std::move(token));
  }

  PublishDecision publish(const RecordingConnection& connection, std::string_view room,
                          std::chrono::milliseconds slow = 0s) {
    return moderation_->may_publish(*connection.client_info, room, slow);
  }

  [[nodiscard]] Clock::TimePoint in(std::chrono::seconds time) const { return clock_.now() + time; }

  test::SettableClock clock_;
  boost::asio::io_context context_{1};
  test::BrokerCaller caller_;
  std::shared_ptr<Store> store_ = std::make_shared<Store>();
  std::unique_ptr<Moderation> moderation_ = std::make_unique<Moderation>(clock_, store_);
};

TEST_F(ModerationTest, BansPresentAndFutureConnections) {
  RecordingConnection bob("bob");
  RecordingConnection again("bob");
  RecordingConnection eve("eve");
  for (RecordingConnection* each : {&bob, &again, &eve}) EXPECT_EQ(connect(*each), Status::good);
  EXPECT_TRUE(impose(Restriction::ban_user("bob", in(60s))));
  EXPECT_THAT(bob.calls, ElementsAre("3507 banned"));
  EXPECT_THAT(again.calls, ElementsAre("3507 banned"));
  EXPECT_THAT(eve.calls, IsEmpty());
  RecordingConnection late("bob");
  EXPECT_EQ(connect(late), Status::banned);
  EXPECT_FALSE(late.registration);
  clock_.advance(60s);
  EXPECT_EQ(connect(late), Status::good);
}

TEST_F(ModerationTest, BansAllConnectionsOfANetwork) {
  RecordingConnection near("bob", "198.51.100.7");
  RecordingConnection far("bob", "198.51.101.7");
  for (RecordingConnection* each : {&near, &far}) EXPECT_EQ(connect(*each), Status::good);
  EXPECT_TRUE(impose(Restriction::ban_network("198.51.100.0/24")));
  EXPECT_THAT(near.calls, ElementsAre("3507 banned"));
  EXPECT_THAT(far.calls, IsEmpty());
  EXPECT_EQ(moderation_->status(*near.client_info, std::nullopt), Status::banned);
  EXPECT_TRUE(moderation_->is_banned(boost::asio::ip::make_address("198.51.100.8")));
  EXPECT_TRUE(lift(Kind::network_ban, "198.51.100.1/24")) << "any notation of the network selects the ban";
  EXPECT_EQ(moderation_->status(*near.client_info, std::nullopt), Status::good);
}

TEST_F(ModerationTest, RevokesATokenById) {
  RecordingConnection bob("bob");
  RecordingConnection other("bob");
  RecordingConnection cookie("bob");
  EXPECT_EQ(connect(bob, TokenTrace{"a", in(0s)}), Status::good);
  EXPECT_EQ(connect(other, TokenTrace{"b", in(0s)}), Status::good);
  EXPECT_EQ(connect(cookie), Status::good);
  EXPECT_TRUE(impose(Restriction::revoke_token("a", in(60s))));
  EXPECT_THAT(bob.calls, ElementsAre("3500 invalid token"));
  EXPECT_THAT(other.calls, IsEmpty());
  EXPECT_THAT(cookie.calls, IsEmpty()) << "the connection has no token";
  RecordingConnection late("bob");
  EXPECT_EQ(connect(late, TokenTrace{"a", in(0s)}), Status::revoked);
}

TEST_F(ModerationTest, RevokesTheOldTokensOfAUser) {
  RecordingConnection old("bob");
  RecordingConnection fresh("bob");
  RecordingConnection eve("eve");
  EXPECT_EQ(connect(old, TokenTrace{"", in(-10s)}), Status::good);
  EXPECT_EQ(connect(fresh, TokenTrace{"", in(0s)}), Status::good);
  EXPECT_EQ(connect(eve, TokenTrace{"", in(-10s)}), Status::good);
  EXPECT_TRUE(impose(Restriction::revoke_user("bob", in(0s))));
  EXPECT_THAT(old.calls, ElementsAre("3500 invalid token"));
  EXPECT_THAT(fresh.calls, IsEmpty());
  EXPECT_THAT(eve.calls, IsEmpty());
  EXPECT_EQ(moderation_->renew(*fresh.registration, TokenTrace{"", in(-1s)}), Status::revoked);
}

TEST_F(ModerationTest, ChecksTheLatestToken) {
  RecordingConnection bob("bob");
  EXPECT_EQ(connect(bob, TokenTrace{"a", in(0s)}), Status::good);
  EXPECT_EQ(moderation_->renew(*bob.registration, TokenTrace{"b", in(0s)}), Status::good);
  EXPECT_TRUE(impose(Restriction::revoke_token("a")));
  EXPECT_THAT(bob.calls, IsEmpty());
  EXPECT_TRUE(impose(Restriction::revoke_token("b")));
  EXPECT_THAT(bob.calls, ElementsAre("3500 invalid token"));
}

TEST_F(ModerationTest, NotifiesWatchersOfRevokedTokens) {
  RecordingConnection bob("bob");
  RecordingConnection eve("eve");
  for (RecordingConnection* each : {&bob, &eve}) EXPECT_EQ(connect(*each), Status::good);
  moderation_->watch_tokens(*bob.registration);
  EXPECT_TRUE(impose(Restriction::revoke_token("a")));
  EXPECT_THAT(bob.calls, ElementsAre("revoked"));
  EXPECT_THAT(eve.calls, IsEmpty());
}

TEST_F(ModerationTest, MutesAndUnmutesAUser) {
  const RecordingConnection bob("bob");
  const RecordingConnection anonymous("");
  EXPECT_TRUE(impose(Restriction::mute("bob", "tea", in(60s))));
  EXPECT_EQ(publish(bob, "tea"), PublishDecision::muted);
  EXPECT_EQ(publish(bob, "cake"), PublishDecision::allowed);
  EXPECT_EQ(publish(anonymous, "tea"), PublishDecision::allowed);
  EXPECT_FALSE(lift(Kind::mute, "bob"));
  EXPECT_TRUE(lift(Kind::mute, "bob", "tea"));
  EXPECT_EQ(publish(bob, "tea"), PublishDecision::allowed);
}

TEST_F(ModerationTest, OverridesTheSlowModeOfARoom) {
  const RecordingConnection bob("bob");
  EXPECT_EQ(publish(bob, "tea", 10s), PublishDecision::allowed);
  EXPECT_EQ(publish(bob, "tea", 10s), PublishDecision::too_soon);
  EXPECT_TRUE(impose(Restriction::slow("tea", 0s)));
  EXPECT_EQ(publish(bob, "tea", 10s), PublishDecision::allowed);
  EXPECT_TRUE(impose(Restriction::slow("cake", 5s)));
  EXPECT_EQ(publish(bob, "cake"), PublishDecision::allowed);
  clock_.advance(4s);
  EXPECT_EQ(publish(bob, "cake"), PublishDecision::too_soon);
  clock_.advance(1s);
  EXPECT_EQ(publish(bob, "cake"), PublishDecision::allowed);
}

TEST_F(ModerationTest, DoesNotDelayAUserAfterAMute) {
  const RecordingConnection bob("bob");
  EXPECT_TRUE(impose(Restriction::mute("bob")));
  EXPECT_EQ(publish(bob, "tea", 10s), PublishDecision::muted);
  EXPECT_TRUE(lift(Kind::mute, "bob"));
  EXPECT_EQ(publish(bob, "tea", 10s), PublishDecision::allowed) << "a rejected message does not count";
}

TEST_F(ModerationTest, KicksSelectedConnections) {
  RecordingConnection bob("bob");
  RecordingConnection again("bob");
  RecordingConnection eve("eve");
  for (RecordingConnection* each : {&bob, &again, &eve}) EXPECT_EQ(connect(*each), Status::good);
  EXPECT_THAT(moderation_->connections(ConnectionFilter::user("bob")), SizeIs(2));
  EXPECT_THAT(moderation_->connections(ConnectionFilter::client(eve.client_info->client_id)),
              ElementsAre(eve.client_info));
  EXPECT_EQ(moderation_->kick(ConnectionFilter::user("bob").except({again.client_info->client_id})), 1);
  EXPECT_EQ(moderation_->kick(ConnectionFilter::client(eve.client_info->client_id), Disconnect(4000, "go")),
            1);
  EXPECT_EQ(moderation_->kick_from("tea", ConnectionFilter::user("bob")), 2);
  EXPECT_EQ(moderation_->kick(ConnectionFilter::client(new_client_id())), 0);
  EXPECT_EQ(moderation_->kick(ConnectionFilter::user("")), 0) << "an empty name selects no connection";
  deliver();
  EXPECT_THAT(bob.calls, ElementsAre("3503 kicked", "from tea"));
  EXPECT_THAT(again.calls, ElementsAre("from tea"));
  EXPECT_THAT(eve.calls, ElementsAre("4000 go"));
}

TEST_F(ModerationTest, DoesNotNotifyClosedConnections) {
  RecordingConnection bob("bob");
  EXPECT_EQ(connect(bob), Status::good);
  EXPECT_EQ(moderation_->kick(ConnectionFilter::user("bob")), 1);
  bob.registration.reset();
  deliver();
  EXPECT_THAT(bob.calls, IsEmpty());
  EXPECT_EQ(moderation_->kick(ConnectionFilter::user("bob")), 0);
  RecordingConnection again("bob");
  EXPECT_EQ(connect(again), Status::good);
  bob.registration = std::move(again.registration);
  bob.registration.reset();
  EXPECT_EQ(moderation_->kick(ConnectionFilter::user("bob")), 0);
}

TEST_F(ModerationTest, RestoresStoredRestrictions) {
  EXPECT_TRUE(impose(Restriction::ban_user("bob")));
  EXPECT_TRUE(impose(Restriction::ban_user("eve")));
  EXPECT_TRUE(lift(Kind::user_ban, "eve"));
  moderation_ = std::make_unique<Moderation>(clock_, store_);
  EXPECT_EQ(moderation_->status(*RecordingConnection("bob").client_info, std::nullopt), Status::banned);
  EXPECT_EQ(moderation_->status(*RecordingConnection("eve").client_info, std::nullopt), Status::good);
  ASSERT_THAT(moderation_->restrictions(), SizeIs(1));
  EXPECT_EQ(moderation_->restrictions().front().since, clock_.now());
}

TEST_F(ModerationTest, AppliesRestrictionsItFailedToStore) {
  store_->fault = failure("the disk is full");
  EXPECT_EQ(impose(Restriction::ban_user("bob")).error().message, "the disk is full");
  EXPECT_EQ(moderation_->status(*RecordingConnection("bob").client_info, std::nullopt), Status::banned);
}

TEST_F(ModerationTest, RejectsInvalidRestrictions) {
  EXPECT_FALSE(impose(Restriction::ban_network("nowhere")));
  EXPECT_FALSE(impose(Restriction::ban_user("")));
  EXPECT_THAT(store_->kept, IsEmpty());
  EXPECT_THAT(moderation_->restrictions(), IsEmpty());
}

TEST_F(ModerationTest, CatchesConnectionsThatRaceWithABan) {
  for (int round = 0; round != 200; ++round) {
    const std::string user = std::to_string(round);
    RecordingConnection connection(user);
    Status status = Status::good;
    std::thread connecting([&] { status = connect(connection); });
    ASSERT_TRUE(caller_.wait(moderation_->impose(Restriction::ban_user(user))));
    connecting.join();
    deliver();
    EXPECT_NE(status == Status::good, connection.calls.empty()) << "neither rejected nor closed, or both";
    connection.registration.reset();
  }
}

}  // namespace
}  // namespace coroom
