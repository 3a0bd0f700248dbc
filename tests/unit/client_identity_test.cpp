#include "centrifuge/client_identity.hpp"

#include "application/room_access.hpp"
#include "core/sleep.hpp"
#include "support/broker_caller.hpp"
#include "support/settable_clock.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <variant>

namespace coroom::detail::centrifuge {
namespace {

using namespace std::chrono_literals;

/// Accepts each token but "expired", "forged" and "early". A token has the form USER/CHANNEL.
class TokensByText final : public TokenVerifier {
 public:
  [[nodiscard]] tl::expected<ConnectionToken, TokenFault> connection(std::string_view token) const override {
    if (token == "expired") return tl::unexpected<TokenFault>(TokenCause::expired);
    if (token == "forged") return tl::unexpected<TokenFault>(TokenCause::signature);
    if (token == "early") return tl::unexpected<TokenFault>(TokenCause::keys_not_loaded);
    return ConnectionToken{.user = std::string(token.substr(0, token.find('/'))),
                           .info = R"({"of":"token"})",
                           .left = 10s,
                           .trace = {.id = std::string(token)},
                           .meta = R"({"plan":1})"};
  }

  [[nodiscard]] tl::expected<SubscriptionToken, TokenFault> subscription(
      std::string_view token) const override {
    const auto checked = connection(token);
    if (!checked) return tl::unexpected(checked.error());
    return SubscriptionToken{.user = checked->user,
                             .channel = std::string(token.substr(token.find('/') + 1)),
                             .client = client,
                             .trace = checked->trace};
  }

  [[nodiscard]] std::size_t cost() const override { return 1; }

  std::string client;
};

/// Counts and moderates, and carries no frames.
class IdleTransport final : public Transport {
 public:
  IdleTransport(const boost::asio::any_io_executor& executor, const Clock& clock)
      : moderation_(clock), timers_(executor, clock) {}

  [[nodiscard]] Encoding encoding() const override { return Encoding::json; }
  task<> write(std::string /*messages*/) override { co_return; }
  task<bool> may_reply(std::size_t /*bytes*/) override { co_return true; }
  [[nodiscard]] std::size_t reply_room() const override { return 0; }
  task<bool> write_reply(std::string /*message*/) override { co_return true; }
  void push(std::string_view /*messages*/) override {}
  void spawn(task<> /*work*/) override {}
  void close(const Disconnect& /*why*/) override {}
  net::TimerQueue& timers() override { return timers_; }
  Room room(std::string name) override {
    return detail::application::RoomAccess::room(nullptr, std::move(name));
  }
  task<Result<Membership>> join(Room /*room*/, JoinOptions /*options*/) override {
    co_return failure("there are no rooms");
  }
  Counters& counters() override { return counters_; }
  Moderation& moderation() override { return moderation_; }
  RateVerdict charge_received(std::size_t /*bytes*/, std::size_t messages) override {
    charged += messages;
    return verdict;
  }
  [[nodiscard]] bool should_yield() const override { return false; }
  [[nodiscard]] bool wants_pings() const override { return false; }

  std::size_t charged = 0;
  RateVerdict verdict = RateVerdict::ok;

 private:
  Counters counters_;
  Moderation moderation_;
  net::TimerQueue timers_;
};

class PassiveClient final : public ClientContext, public ModeratedConnection {
 public:
  PassiveClient(Transport& transport, const CentrifugeSettings& settings, SharedClientInfo client_info,
                const boost::asio::any_io_executor& executor, const Clock& clock)
      : ClientContext(transport, settings, std::move(client_info), executor, clock) {}

  void disconnect(const Disconnect& why) override { on_kick(why); }
  void on_kick(const Disconnect& /*why*/) override { set_phase(ClientPhase::ended); }
  void on_kick_from(const std::string& /*room*/) override {}
};

class ClientIdentityTest : public testing::Test {
 protected:
  ClientIdentityTest() { settings_.tokens = tokens_; }
  void TearDown() override { identity_.end(); }

  static SharedClientInfo nameless() {
    auto client_info = std::make_shared<ClientInfo>("192.0.2.1");
    client_info->client_id = new_client_id();
    return client_info;
  }

  auto connect(std::string_view token) { return identity_.connect(client_, token); }

  /// Returns the code of the error or of the disconnect; 0 if there is none.
  template <class T>
  static std::uint32_t code_of(const Outcome<T>& outcome) {
    if (outcome) return 0;
    if (const auto* why = std::get_if<Disconnect>(&outcome.error())) return why->code;
    return std::get<ErrorReply>(outcome.error()).error.code;
  }

  [[nodiscard]] auto rejected(TokenCause cause) { return transport_.counters().get(cause); }

  test::SettableClock clock_;
  boost::asio::io_context context_;
  std::shared_ptr<TokensByText> tokens_ = std::make_shared<TokensByText>();
  CentrifugeSettings settings_;
  IdleTransport transport_{context_.get_executor(), clock_};
  PassiveClient client_{transport_, settings_, nameless(), context_.get_executor(), clock_};
  ClientIdentity identity_{client_};
};

TEST_F(ClientIdentityTest, TakesTheUserOfTheToken) {
  const auto admission = connect("ann/");
  ASSERT_TRUE(admission);
  EXPECT_EQ(admission->left, ClientIdentity::RemainingTime(10s));
  EXPECT_EQ(client_.client_info()->user, "ann");
  EXPECT_EQ(client_.client_info()->conn_info, R"({"of":"token"})");
  EXPECT_EQ(client_.client_info()->meta, R"({"plan":1})");
  EXPECT_EQ(client_.client_info()->address, "192.0.2.1");
  EXPECT_EQ(transport_.charged, 1);
  const auto expires = *identity_.expires() - timer_time(clock_);
  EXPECT_GT(expires, 9s + settings_.refresh_grace);
  EXPECT_LE(expires, 10s + settings_.refresh_grace);
}

TEST_F(ClientIdentityTest, ForgetsARefusedConnect) {
  ASSERT_TRUE(connect("ann/"));
  const auto client_id = client_.client_info()->client_id;
  identity_.forget();
  EXPECT_EQ(client_.client_info()->user, "");
  EXPECT_EQ(client_.client_info()->conn_info, "");
  EXPECT_EQ(client_.client_info()->client_id, client_id);
  EXPECT_FALSE(identity_.expires());
  EXPECT_EQ(code_of(connect("bob/")), 0) << "the client may try again";
  EXPECT_EQ(client_.client_info()->user, "bob");
}

TEST_F(ClientIdentityTest, AdmitsClientsWithoutAToken) {
  EXPECT_EQ(code_of(connect("")), 0);
  EXPECT_EQ(client_.client_info()->user, "");
  EXPECT_FALSE(identity_.expires());
}

TEST_F(ClientIdentityTest, RequiresATokenIfConfigured) {
  settings_.anonymous = false;
  EXPECT_EQ(code_of(connect("")), disconnect::bad_request.code);
  EXPECT_EQ(rejected(TokenCause::missing), 1);
}

TEST_F(ClientIdentityTest, RejectsTokensByTheirFault) {
  EXPECT_EQ(code_of(connect("expired")), error::token_expired.code) << "the client may send another";
  EXPECT_EQ(code_of(connect("forged")), disconnect::invalid_token.code);
  EXPECT_EQ(rejected(TokenCause::signature), 1);
  settings_.tokens = nullptr;
  EXPECT_EQ(code_of(connect("ann/")), disconnect::invalid_token.code);
  EXPECT_EQ(rejected(TokenCause::unknown_key), 1);
}

TEST_F(ClientIdentityTest, AsksForAnotherTryIfKeysAreMissing) {
  EXPECT_EQ(code_of(connect("early")), error::internal.code);
  EXPECT_EQ(rejected(TokenCause::keys_not_loaded), 1);
  ASSERT_TRUE(connect("ann/"));
  EXPECT_EQ(code_of(identity_.refresh("early")), error::internal.code);
  EXPECT_EQ(code_of(identity_.check("tea", "early")), error::internal.code);
  EXPECT_TRUE(error::internal.temporary);
}

TEST_F(ClientIdentityTest, DisconnectsForTooManyChecks) {
  transport_.verdict = RateVerdict::flooding;
  EXPECT_EQ(code_of(connect("ann/")), disconnect::too_many_requests.code);
}

TEST_F(ClientIdentityTest, RejectsBannedUsers) {
  test::BrokerCaller caller;
  EXPECT_TRUE(caller.wait(transport_.moderation().impose(Restriction::ban_user("ann"))));
  EXPECT_EQ(code_of(connect("ann/")), Moderation::disconnect_for(Moderation::Status::banned).code);
  EXPECT_EQ(transport_.counters().get(Counter::connections_banned), 1);
}

TEST_F(ClientIdentityTest, RefreshesTokensOfTheSameUser) {
  ASSERT_TRUE(connect("ann/"));
  EXPECT_EQ(code_of(identity_.refresh("ann/2")), 0);
  EXPECT_EQ(code_of(identity_.refresh("bob/")), disconnect::invalid_token.code);
  EXPECT_EQ(rejected(TokenCause::wrong_user), 1);
  EXPECT_EQ(code_of(identity_.refresh("expired")), disconnect::expired.code);
}

TEST_F(ClientIdentityTest, ChecksThatSubscriptionTokensFit) {
  ASSERT_TRUE(connect("ann/"));
  EXPECT_EQ(code_of(identity_.check("tea", "ann/tea")), 0);
  EXPECT_EQ(code_of(identity_.check("cake", "ann/tea")), disconnect::invalid_token.code);
  EXPECT_EQ(code_of(identity_.check("tea", "bob/tea")), disconnect::invalid_token.code);
  tokens_->client = boost::uuids::to_string(client_.client_info()->client_id);
  EXPECT_EQ(code_of(identity_.check("tea", "ann/tea")), 0);
  tokens_->client = boost::uuids::to_string(new_client_id());
  EXPECT_EQ(code_of(identity_.check("tea", "ann/tea")), disconnect::invalid_token.code);
  EXPECT_EQ(rejected(TokenCause::wrong_channel), 1);
  EXPECT_EQ(rejected(TokenCause::wrong_user), 1);
  EXPECT_EQ(rejected(TokenCause::wrong_client), 1);
}

TEST_F(ClientIdentityTest, RefusesRevokedSubscriptionTokens) {
  ASSERT_TRUE(connect("ann/"));
  test::BrokerCaller caller;
  EXPECT_TRUE(caller.wait(transport_.moderation().impose(Restriction::revoke_token("ann/tea"))));
  EXPECT_EQ(code_of(identity_.check("tea", "ann/tea")), error::permission_denied.code);
  EXPECT_EQ(code_of(identity_.check("cake", "ann/cake")), 0);
}

}  // namespace
}  // namespace coroom::detail::centrifuge
