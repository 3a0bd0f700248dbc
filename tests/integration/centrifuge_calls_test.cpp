#include "support/centrifuge_client.hpp"
#include "support/running_application.hpp"
#include "support/running_server.hpp"
#include "support/tcp_client.hpp"

#include <coroom/centrifuge.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace coroom::test {
namespace {

using Answer = tl::expected<std::string, CentrifugeError>;

task<Answer> wait_for(std::chrono::steady_clock::duration time) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, time);
  co_await timer.async_wait(boost::asio::use_awaitable);
  co_return Answer("{\n\"waited\":\r\ntrue}");
}

TEST(CentrifugeCalls, MayTakeLongerThanAPongWould) {
  CentrifugeSettings settings;
  settings.ping_interval = std::chrono::milliseconds(200);
  settings.pong_timeout = std::chrono::milliseconds(100);
  settings.on_rpc = [](const CentrifugeCall&) { return wait_for(std::chrono::milliseconds(900)); };
  const RunningApplication application(centrifuge_routes(settings));
  CentrifugeClient client(application.port());
  client.connect();
  // Answers to pings that come meanwhile wait behind the call.
  EXPECT_EQ(client.call("rpc", R"({"method":"wait"})").at("data").at("waited"), true)
      << "and white space in the answer breaks no line";
}

task<> write_down(Journal& journal, std::string data) {
  journal.note(std::move(data));
  co_return;
}

TEST(CentrifugeCalls, TakeWhatIsSentUnasked) {
  Journal journal;
  CentrifugeSettings settings;
  settings.on_send = [&journal](const CentrifugeCall& call) { return write_down(journal, call.data); };
  const RunningApplication application(centrifuge_routes(settings));
  CentrifugeClient client(application.port());
  client.connect();
  client.socket().send_text(R"({"send":{"data":{"typing": true}}})");
  EXPECT_TRUE(eventually([&] { return journal.has(R"({"typing":true})"); }));
}

/// Waits for ever, and notes when it is ended.
task<Answer> never(Journal& journal) {
  const auto note = [](Journal* in) { in->note("cancelled"); };
  const std::unique_ptr<Journal, decltype(note)> at_end(&journal, note);
  journal.note("called");
  co_return co_await wait_for(std::chrono::hours(1));
}

TEST(CentrifugeCalls, AreCancelledWhenTheClientOfAStreamIsGone) {
  Journal journal;
  CentrifugeSettings settings;
  settings.on_rpc = [&journal](const CentrifugeCall&) { return never(journal); };
  const RunningApplication application(centrifuge_routes(settings));
  TcpClient client(application.port());
  const std::string commands = "{\"id\":1,\"connect\":{}}\n{\"id\":2,\"rpc\":{\"method\":\"x\"}}";
  client.send("POST /connection/http_stream HTTP/1.1\r\nHost: x\r\nContent-Length: " +
              std::to_string(commands.size()) + "\r\n\r\n" + commands);
  ASSERT_TRUE(eventually([&] { return journal.has("called"); }));
  EXPECT_FALSE(journal.has("cancelled"));
  client.close();
  EXPECT_TRUE(eventually([&] { return journal.has("cancelled"); }));
}

/// One that does not keep what a broker promises.
class ThrowingBroker final : public Broker {
 public:
  task<Result<Position>> publish(std::string, std::span<Publication>, RoomOptions) override {
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

TEST(CentrifugeCalls, AreAnsweredThoughABrokerThrows) {
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
  centrifuge.rules = [](std::string_view) -> const RoomRules& { return open; };
  const RunningApplication application(centrifuge_routes(centrifuge), settings);
  CentrifugeClient client(application.port());
  client.connect();
  const auto code = [](const boost::json::object& reply) { return reply.at("error").at("code").as_int64(); };
  EXPECT_EQ(code(client.call("subscribe", R"({"channel":"kept"})")), 100);
  EXPECT_EQ(code(client.call("publish", R"({"channel":"kept","data":1})")), 100);
  EXPECT_EQ(code(client.call("publish", R"({"channel":"kept","data":1})")), 100) << "the room goes on";
  EXPECT_EQ(client.call("publish", R"({"channel":"other","data":1})").size(), 0);
}

}  // namespace
}  // namespace coroom::test
