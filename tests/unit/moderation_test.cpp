#include "support/broker_caller.hpp"
#include "support/manual_clock.hpp"

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

/// Keeps what it is told, and tells when it is asked to.
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

/// Notes what moderators want of it.
class Connection final : public ModeratedConnection {
 public:
  explicit Connection(std::string user, std::string address = "192.0.2.1") {
    auto made = std::make_shared<ClientInfo>(std::move(address));
    made->client_id = new_client_id();
    made->user = std::move(user);
    client_info = std::move(made);
  }

  Status enter(Moderation& moderation, boost::asio::io_context& context,
               std::optional<TokenTrace> token = std::nullopt) {
    auto joined =
        moderation.register_connection(*this, context.get_executor(), client_info, std::move(token));
    if (!joined) return joined.error();
    registration = std::move(*joined);
    return Status::good;
  }

  void on_kick(const Disconnect& why) override {
    told.push_back(std::to_string(why.code) + " " + why.reason);
  }
  void on_kick_from(const std::string& room) override { told.push_back("from " + room); }
  void on_revoked() override { told.emplace_back("revoked"); }

  SharedClientInfo client_info;
  std::vector<std::string> told;
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

  Status enter(Connection& connection, std::optional<TokenTrace> token = std::nullopt) {
    return connection.enter(*moderation_, context_, std::move(token));
  }

  PublishDecision speak(const Connection& who, std::string_view room, std::chrono::milliseconds slow = 0s) {
    return moderation_->may_publish(*who.client_info, room, slow);
  }

  [[nodiscard]] Clock::TimePoint in(std::chrono::seconds time) const { return clock_.now() + time; }

  test::ManualClock clock_;
  boost::asio::io_context context_{1};
  test::BrokerCaller caller_;
  std::shared_ptr<Store> store_ = std::make_shared<Store>();
  std::unique_ptr<Moderation> moderation_ = std::make_unique<Moderation>(clock_, store_);
};

TEST_F(ModerationTest, BansAUserWhoIsThereAndWhoComes) {
  Connection bob("bob");
  Connection again("bob");
  Connection eve("eve");
  for (Connection* each : {&bob, &again, &eve}) EXPECT_EQ(enter(*each), Status::good);
  EXPECT_TRUE(impose(Restriction::ban_user("bob", in(60s))));
  EXPECT_THAT(bob.told, ElementsAre("3507 banned"));
  EXPECT_THAT(again.told, ElementsAre("3507 banned"));
  EXPECT_THAT(eve.told, IsEmpty());
  Connection late("bob");
  EXPECT_EQ(enter(late), Status::banned);
  EXPECT_FALSE(late.registration);
  clock_.advance(60s);
  EXPECT_EQ(enter(late), Status::good);
}

TEST_F(ModerationTest, BansANetworkWhoeverComesFromThere) {
  Connection near("bob", "198.51.100.7");
  Connection far("bob", "198.51.101.7");
  for (Connection* each : {&near, &far}) EXPECT_EQ(enter(*each), Status::good);
  EXPECT_TRUE(impose(Restriction::ban_network("198.51.100.0/24")));
  EXPECT_THAT(near.told, ElementsAre("3507 banned"));
  EXPECT_THAT(far.told, IsEmpty());
  EXPECT_EQ(moderation_->status(*near.client_info, std::nullopt), Status::banned);
  EXPECT_TRUE(moderation_->is_banned(boost::asio::ip::make_address("198.51.100.8")));
  EXPECT_TRUE(lift(Kind::network_ban, "198.51.100.1/24")) << "by any of its names";
  EXPECT_EQ(moderation_->status(*near.client_info, std::nullopt), Status::good);
}

TEST_F(ModerationTest, RevokesATokenByItsName) {
  Connection bob("bob");
  Connection other("bob");
  Connection cookie("bob");
  EXPECT_EQ(enter(bob, TokenTrace{"a", in(0s)}), Status::good);
  EXPECT_EQ(enter(other, TokenTrace{"b", in(0s)}), Status::good);
  EXPECT_EQ(enter(cookie), Status::good);
  EXPECT_TRUE(impose(Restriction::revoke_token("a", in(60s))));
  EXPECT_THAT(bob.told, ElementsAre("3500 invalid token"));
  EXPECT_THAT(other.told, IsEmpty());
  EXPECT_THAT(cookie.told, IsEmpty()) << "came without a token";
  Connection late("bob");
  EXPECT_EQ(enter(late, TokenTrace{"a", in(0s)}), Status::revoked);
}

TEST_F(ModerationTest, RevokesTheOldTokensOfAUser) {
  Connection old("bob");
  Connection fresh("bob");
  Connection eve("eve");
  EXPECT_EQ(enter(old, TokenTrace{"", in(-10s)}), Status::good);
  EXPECT_EQ(enter(fresh, TokenTrace{"", in(0s)}), Status::good);
  EXPECT_EQ(enter(eve, TokenTrace{"", in(-10s)}), Status::good);
  EXPECT_TRUE(impose(Restriction::revoke_user("bob", in(0s))));
  EXPECT_THAT(old.told, ElementsAre("3500 invalid token"));
  EXPECT_THAT(fresh.told, IsEmpty());
  EXPECT_THAT(eve.told, IsEmpty());
  EXPECT_EQ(moderation_->renew(*fresh.registration, TokenTrace{"", in(-1s)}), Status::revoked);
}

TEST_F(ModerationTest, GoesByTheTokenThatCameLast) {
  Connection bob("bob");
  EXPECT_EQ(enter(bob, TokenTrace{"a", in(0s)}), Status::good);
  EXPECT_EQ(moderation_->renew(*bob.registration, TokenTrace{"b", in(0s)}), Status::good);
  EXPECT_TRUE(impose(Restriction::revoke_token("a")));
  EXPECT_THAT(bob.told, IsEmpty());
  EXPECT_TRUE(impose(Restriction::revoke_token("b")));
  EXPECT_THAT(bob.told, ElementsAre("3500 invalid token"));
}

TEST_F(ModerationTest, TellsOfRevokedTokensWhomTheyMayConcern) {
  Connection bob("bob");
  Connection eve("eve");
  for (Connection* each : {&bob, &eve}) EXPECT_EQ(enter(*each), Status::good);
  moderation_->watch_tokens(*bob.registration);
  EXPECT_TRUE(impose(Restriction::revoke_token("a")));
  EXPECT_THAT(bob.told, ElementsAre("revoked"));
  EXPECT_THAT(eve.told, IsEmpty());
}

TEST_F(ModerationTest, MutesAndLetsSpeakAgain) {
  const Connection bob("bob");
  const Connection nobody("");
  EXPECT_TRUE(impose(Restriction::mute("bob", "tea", in(60s))));
  EXPECT_EQ(speak(bob, "tea"), PublishDecision::muted);
  EXPECT_EQ(speak(bob, "cake"), PublishDecision::allowed);
  EXPECT_EQ(speak(nobody, "tea"), PublishDecision::allowed);
  EXPECT_FALSE(lift(Kind::mute, "bob"));
  EXPECT_TRUE(lift(Kind::mute, "bob", "tea"));
  EXPECT_EQ(speak(bob, "tea"), PublishDecision::allowed);
}

TEST_F(ModerationTest, MakesARoomSlowWhateverItsRulesSay) {
  const Connection bob("bob");
  EXPECT_EQ(speak(bob, "tea", 10s), PublishDecision::allowed);
  EXPECT_EQ(speak(bob, "tea", 10s), PublishDecision::too_soon);
  EXPECT_TRUE(impose(Restriction::slow("tea", 0s)));
  EXPECT_EQ(speak(bob, "tea", 10s), PublishDecision::allowed);
  EXPECT_TRUE(impose(Restriction::slow("cake", 5s)));
  EXPECT_EQ(speak(bob, "cake"), PublishDecision::allowed);
  clock_.advance(4s);
  EXPECT_EQ(speak(bob, "cake"), PublishDecision::too_soon);
  clock_.advance(1s);
  EXPECT_EQ(speak(bob, "cake"), PublishDecision::allowed);
}

TEST_F(ModerationTest, LetsTheMutedWaitNoLongerThanOthers) {
  const Connection bob("bob");
  EXPECT_TRUE(impose(Restriction::mute("bob")));
  EXPECT_EQ(speak(bob, "tea", 10s), PublishDecision::muted);
  EXPECT_TRUE(lift(Kind::mute, "bob"));
  EXPECT_EQ(speak(bob, "tea", 10s), PublishDecision::allowed) << "what was refused was not said";
}

TEST_F(ModerationTest, KicksWhomItIsTold) {
  Connection bob("bob");
  Connection again("bob");
  Connection eve("eve");
  for (Connection* each : {&bob, &again, &eve}) EXPECT_EQ(enter(*each), Status::good);
  EXPECT_THAT(moderation_->connections(ConnectionFilter::user("bob")), SizeIs(2));
  EXPECT_THAT(moderation_->connections(ConnectionFilter::client(eve.client_info->client_id)),
              ElementsAre(eve.client_info));
  EXPECT_EQ(moderation_->kick(ConnectionFilter::user("bob").except({again.client_info->client_id})), 1);
  EXPECT_EQ(moderation_->kick(ConnectionFilter::client(eve.client_info->client_id), Disconnect(4000, "go")),
            1);
  EXPECT_EQ(moderation_->kick_from("tea", ConnectionFilter::user("bob")), 2);
  EXPECT_EQ(moderation_->kick(ConnectionFilter::client(new_client_id())), 0);
  EXPECT_EQ(moderation_->kick(ConnectionFilter::user("")), 0) << "is nobody, and not all that are anonymous";
  deliver();
  EXPECT_THAT(bob.told, ElementsAre("3503 kicked", "from tea"));
  EXPECT_THAT(again.told, ElementsAre("from tea"));
  EXPECT_THAT(eve.told, ElementsAre("4000 go"));
}

TEST_F(ModerationTest, SaysNothingToWhoHasGone) {
  Connection bob("bob");
  EXPECT_EQ(enter(bob), Status::good);
  EXPECT_EQ(moderation_->kick(ConnectionFilter::user("bob")), 1);
  bob.registration.reset();
  deliver();
  EXPECT_THAT(bob.told, IsEmpty());
  EXPECT_EQ(moderation_->kick(ConnectionFilter::user("bob")), 0);
  Connection again("bob");
  EXPECT_EQ(enter(again), Status::good);
  bob.registration = std::move(again.registration);
  bob.registration.reset();
  EXPECT_EQ(moderation_->kick(ConnectionFilter::user("bob")), 0);
}

TEST_F(ModerationTest, BeginsWithWhatWasKept) {
  EXPECT_TRUE(impose(Restriction::ban_user("bob")));
  EXPECT_TRUE(impose(Restriction::ban_user("eve")));
  EXPECT_TRUE(lift(Kind::user_ban, "eve"));
  moderation_ = std::make_unique<Moderation>(clock_, store_);
  EXPECT_EQ(moderation_->status(*Connection("bob").client_info, std::nullopt), Status::banned);
  EXPECT_EQ(moderation_->status(*Connection("eve").client_info, std::nullopt), Status::good);
  ASSERT_THAT(moderation_->restrictions(), SizeIs(1));
  EXPECT_EQ(moderation_->restrictions().front().since, clock_.now());
}

TEST_F(ModerationTest, HoldsThoughItCouldNotBeKept) {
  store_->fault = failure("the disk is full");
  EXPECT_EQ(impose(Restriction::ban_user("bob")).error().message, "the disk is full");
  EXPECT_EQ(moderation_->status(*Connection("bob").client_info, std::nullopt), Status::banned);
}

TEST_F(ModerationTest, DoesNothingThatMakesNoSense) {
  EXPECT_FALSE(impose(Restriction::ban_network("nowhere")));
  EXPECT_FALSE(impose(Restriction::ban_user("")));
  EXPECT_THAT(store_->kept, IsEmpty());
  EXPECT_THAT(moderation_->restrictions(), IsEmpty());
}

TEST_F(ModerationTest, MissesNobodyWhoComesWhileABanIsImposed) {
  for (int round = 0; round != 200; ++round) {
    const std::string user = std::to_string(round);
    Connection connection(user);
    Status status = Status::good;
    std::thread comes([&] { status = enter(connection); });
    ASSERT_TRUE(caller_.wait(moderation_->impose(Restriction::ban_user(user))));
    comes.join();
    deliver();
    EXPECT_NE(status == Status::good, connection.told.empty()) << "neither refused nor ended, or both";
    connection.registration.reset();
  }
}

}  // namespace
}  // namespace coroom
