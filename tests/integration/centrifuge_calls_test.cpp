#include "support/centrifuge_client.hpp"
#include "support/running_application.hpp"
#include "support/running_server.hpp"
#include "support/tcp_client.hpp"
#include "testkit/centrifuge_commands.hpp"
#include "testkit/codes.hpp"
#include "testkit/request_builder.hpp"

#include <coroom/centrifuge.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace coroom::test {
namespace {

using namespace testkit;
using Answer = tl::expected<std::string, CentrifugeError>;

task<Answer> wait_for(std::chrono::steady_clock::duration time) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, time);
  co_await timer.async_wait(boost::asio::use_awaitable);
  co_return Answer("{\n\"waited\":\r\ntrue}");
}

TEST(CentrifugeCalls, KeepsConnectionDuringLongRpc) {
  CentrifugeSettings settings;
  settings.ping_interval = std::chrono::milliseconds(200);
  settings.pong_timeout = std::chrono::milliseconds(100);
  settings.on_rpc = [](const CentrifugeCall&) { return wait_for(std::chrono::milliseconds(900)); };
  const RunningApplication application(centrifuge_routes(settings));
  CentrifugeClient client(application.port());
  client.connect();
  // The server reads the client's pongs only after the call.
  EXPECT_EQ(client.call("rpc", R"({"method":"wait"})").at("data").at("waited"), true)
      << "white space in the result breaks no line";
}

task<> note_data(Journal& journal, std::string data) {
  journal.note(std::move(data));
  co_return;
}

TEST(CentrifugeCalls, PassesSendToOnSend) {
  Journal journal;
  CentrifugeSettings settings;
  settings.on_send = [&journal](const CentrifugeCall& call) { return note_data(journal, call.data); };
  const RunningApplication application(centrifuge_routes(settings));
  CentrifugeClient client(application.port());
  client.connect();
  client.socket().send_text(R"({"send":{"data":{"typing": true}}})");
  EXPECT_TRUE(eventually([&] { return journal.has(R"({"typing":true})"); }));
}

/// Waits without end, and notes its cancellation.
task<Answer> never(Journal& journal) {
  const auto note = [](Journal* in) { in->note("cancelled"); };
  const std::unique_ptr<Journal, decltype(note)> at_end(&journal, note);
  journal.note("called");
  co_return co_await wait_for(std::chrono::hours(1));
}

TEST(CentrifugeCalls, IsCancelledWhenStreamClientLeaves) {
  Journal journal;
  CentrifugeSettings settings;
  settings.on_rpc = [&journal](const CentrifugeCall&) { return never(journal); };
  const RunningApplication application(centrifuge_routes(settings));
  TcpClient client(application.port());
  client.send(RequestBuilder("POST", "/connection/http_stream")
                  .body(command(1, "connect") + '\n' + command(2, "rpc", R"({"method":"x"})")));
  ASSERT_TRUE(eventually([&] { return journal.has("called"); }));
  EXPECT_FALSE(journal.has("cancelled"));
  client.close();
  EXPECT_TRUE(eventually([&] { return journal.has("cancelled"); }));
}

/// A broker that breaks its contract: it throws.
class ThrowingBroker final : public Broker {
 public:
  task<Result<Position>> publish(std::string, SharedPublications, RoomOptions) override {
    co_return throw_it<Result<Position>>();
  }
  task<Result<History>> history(std::string, HistoryFilter, RoomOptions) override {
    co_return throw_it<Result<History>>();
  }
  task<Result<>> remove_history(std::string) override { co_return throw_it<Result<>>(); }

 private:
  template <class T>
  T throw_it() {
    throw std::runtime_error("out of order");
  }
};

TEST(CentrifugeCalls, GetsErrorWhenBrokerThrows) {
  auto settings = quick_settings();
  settings.broker = std::make_shared<ThrowingBroker>();
  settings.room_options = [](std::string_view room) {
    RoomOptions options;
    if (room == "kept") options.history_size = 1;
    options.history_ttl = std::chrono::hours(1);
    return options;
  };
  CentrifugeSettings centrifuge;
  static const RoomRules open{.publish = {.client = true, .anonymous = true}};
  centrifuge.rules = [](std::string_view) { return open; };
  const RunningApplication application(centrifuge_routes(centrifuge), settings);
  CentrifugeClient client(application.port());
  client.connect();
  EXPECT_EQ(error_of(client.subscribe("kept")), centrifuge_error::internal);
  EXPECT_EQ(error_of(client.publish("kept", "1")), centrifuge_error::internal);
  EXPECT_EQ(error_of(client.publish("kept", "1")), centrifuge_error::internal) << "the room still works";
  EXPECT_EQ(client.publish("other", "1").size(), 0);
}

TEST(CentrifugeCalls, RejectsRefreshWithoutVerifier) {
  const RunningApplication application(centrifuge_routes());
  CentrifugeClient client(application.port());
  client.connect();
  client.subscribe("tea");
  EXPECT_EQ(client.call("refresh", token_request("x")).at("error").at("code"),
            centrifuge_error::not_available);
  EXPECT_EQ(client.call("sub_refresh", channel_request("tea", R"("token":"x")")).at("error").at("code"),
            centrifuge_error::not_available);
}

TEST(CentrifugeCalls, SendsSubscribeDataOfProgram) {
  CentrifugeSettings settings;
  settings.subscribe_data = [](std::string_view room, const ClientInfo& client_info) {
    return room == "tea" ? boost::json::serialize(boost::json::object{{"user", client_info.user}})
                         : std::string();
  };
  const RunningApplication application(centrifuge_routes(settings));
  CentrifugeClient client(application.port());
  client.connect();
  EXPECT_EQ(client.subscribe("tea").at("data").at("user"), "");
  EXPECT_FALSE(client.subscribe("milk").contains("data"));
}

/// Notes each publication, delays those with the data `wait`, and rejects those with `refuse`.
task<CentrifugeVerdict> verdict_on(Journal& journal, CentrifugePublication publication) {
  const std::string data(publication.data);
  journal.note(publication.room.name() + ' ' + data);
  if (data == "\"wait\"") co_await wait_for(std::chrono::milliseconds(200));
  if (data != "\"refuse\"") co_return nullptr;
  co_return tl::unexpected(CentrifugeError(401, "not here", true));
}

/// A member of a room in a program with an `on_publish` callback.
class CentrifugeOnPublish : public testing::Test {
 protected:
  CentrifugeOnPublish() {
    client_.connect();
    client_.subscribe("tea");
  }

  CentrifugeSettings settings() {
    CentrifugeSettings settings;
    settings.on_publish = [this](CentrifugePublication what) {
      return verdict_on(journal_, std::move(what));
    };
    return settings;
  }

  std::uint32_t publish(std::string_view data) {
    return client_.send("publish", publish_request("tea", data));
  }

  Journal journal_;
  RunningApplication application_{centrifuge_routes(settings())};
  CentrifugeClient client_{application_.port()};
};

TEST_F(CentrifugeOnPublish, RejectsPublication) {
  const auto reply = client_.publish("tea", R"("refuse")");
  const boost::json::object expected{{"code", 401}, {"message", "not here"}, {"temporary", true}};
  EXPECT_EQ(reply.at("error"), boost::json::value(expected));
  EXPECT_EQ(client_.publish("tea", R"({"a": 1})").size(), 0);
  EXPECT_EQ(client_.read_push().at("data"), boost::json::parse(R"({"a":1})"))
      << "the rejected one was not delivered";
  EXPECT_EQ(journal_.events(), (std::vector<std::string>{"tea \"refuse\"", R"(tea {"a":1})"}));
}

TEST_F(CentrifugeOnPublish, RunsOnlyIfRulesAllowPublish) {
  EXPECT_EQ(client_.publish("milk", "1").at("error").at("code"), centrifuge_error::permission_denied);
  EXPECT_EQ(client_.call("publish", channel_request("tea")).at("error").at("code"),
            centrifuge_error::bad_request);
  EXPECT_TRUE(journal_.events().empty());
}

TEST_F(CentrifugeOnPublish, KeepsOrderWhileVerdictIsPending) {
  const std::uint32_t first = publish("\"wait\"");
  publish("\"refuse\"");
  publish("\"after\"");
  std::vector<std::string> delivered;
  std::vector<std::uint32_t> answered;
  while (answered.size() != 3 || delivered.size() != 2) {
    const auto line = client_.read();
    if (line.contains("push")) {
      delivered.emplace_back(line.at("push").at("pub").at("data").as_string());
    } else {
      answered.push_back(line.at("id").to_number<std::uint32_t>());
    }
  }
  EXPECT_EQ(delivered, (std::vector<std::string>{"wait", "after"}));
  EXPECT_EQ(answered, (std::vector<std::uint32_t>{first, first + 1, first + 2}));
}

TEST_F(CentrifugeOnPublish, EndsWithClientWhilePending) {
  publish("\"wait\"");
  ASSERT_TRUE(eventually([&] { return journal_.has("tea \"wait\""); }));
  client_.socket().tcp().close();
  EXPECT_TRUE(eventually([&] { return application_->rooms() == 0; }));
}

}  // namespace
}  // namespace coroom::test
