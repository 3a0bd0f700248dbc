// Timers of an application whose clock is set by the test. The tests do not wait for the time that passes.

#include "support/running_application.hpp"
#include "support/running_server.hpp"
#include "support/tcp_client.hpp"
#include "support/websocket_client.hpp"
#include "testkit/request_builder.hpp"

#include <coroom/testing.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace coroom::test {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class NewsHandler final : public WebSocketHandler {
 public:
  explicit NewsHandler(std::shared_ptr<Journal> journal) : journal_(std::move(journal)) {}

  task<> open() override { membership_ = (co_await application().room("news").join(*this)).value(); }

  /// Echoes the message after an hour.
  task<> on_message(Message message) override {
    spawn(send_later(std::move(message)));
    co_return;
  }

  task<> on_close() override {
    journal_->note("closed with " + std::to_string(*close_code()));
    co_return;
  }

 private:
  task<> send_later(Message message) {
    co_await application().sleep_for(1h);
    co_await write_message(message);
  }

  std::shared_ptr<Journal> journal_;
  Membership membership_;
};

task<> broadcast(Room room, std::string text) {
  co_await room.publish({Message::Kind::text, std::move(text)});
}

Settings settings_with(std::shared_ptr<const Clock> clock) {
  Settings settings = quick_settings();
  settings.clock = std::move(clock);
  return settings;
}

class ManualClockTest : public ::testing::Test {
 protected:
  const std::shared_ptr<coroom::testing::ManualClock> clock_ =
      std::make_shared<coroom::testing::ManualClock>();
  std::shared_ptr<Journal> journal_ = std::make_shared<Journal>();
  coroom::testing::Server server_{{route<NewsHandler>("/", journal_)}, settings_with(clock_)};
};

TEST_F(ManualClockTest, DrivesEvery) {
  const Room room = server_.application().room("news");
  server_.application().every(1h, [room] { return broadcast(room, "an hour has passed"); });
  auto reader = server_.websocket();
  clock_->advance(59min);
  reader.expect_silence();
  clock_->advance(1min);
  reader.expect("an hour has passed");
  clock_->advance(10h);
  reader.expect("an hour has passed");
  reader.expect_silence();
}

TEST_F(ManualClockTest, DrivesSleep) {
  auto client = server_.websocket();
  client.send("later");
  client.expect_silence();  // so the handler has the message
  clock_->advance(59min);
  client.expect_silence();
  clock_->advance(1min);
  client.expect("later");
}

TEST_F(ManualClockTest, DoesNotDriveStop) {
  auto client = server_.websocket();
  client.send("never");
  client.expect_silence();
  server_.application().stop();
  EXPECT_EQ(client.close_code(), close_code::shutdown);
}

TEST_F(ManualClockTest, DrivesPings) {
  RawWebSocketClient client(server_.port(), "/");
  clock_->advance(Settings().timeouts.ping_interval);
  EXPECT_EQ(client.tcp().read_exactly(1), "\x89");
}

// The server may start its timer after an advance, so the test repeats it.

TEST_F(ManualClockTest, DrivesRequestTimeout) {
  TcpClient client(server_.port());
  client.send(testkit::RequestBuilder("GET", "/nothing").bytes() + "GET / HT");
  EXPECT_THAT(client.read_until("\r\n\r\n"), HasSubstr("404"));  // so that both requests have been read
  EXPECT_TRUE(eventually([&] {
    clock_->advance(10s);
    return server_.application().counters().get(Counter::http_timeouts) == 1;
  }));
  EXPECT_THAT(client.read_to_end(), HasSubstr("408"));
}

TEST_F(ManualClockTest, DrivesMessageTimeout) {
  RawWebSocketClient client(server_.port(), "/");
  client.send_raw(masked_frame(0x81, "never whole").substr(0, 8));
  EXPECT_TRUE(eventually([&] {
    clock_->advance(10s);
    return journal_->has("closed with 1008");
  }));
}

TEST(ManualClock, RunsCallsInOrderOfTime) {
  coroom::testing::ManualClock clock;
  std::string called;
  const auto call = [&](const char* name) { return [&called, name] { called += name; }; };
  clock.call_at(3s, call("c"));
  clock.call_at(1s, call("a"));
  clock.call_at(2s, call("b"));
  clock.call_at(0s, call("0"));
  EXPECT_EQ(called, "0") << "a due call runs at once";
  clock.advance(2s);
  EXPECT_EQ(called, "0ab");
  clock.advance(1h);
  EXPECT_EQ(called, "0abc");
  const auto begin = clock.now();
  clock.advance(24h);
  EXPECT_EQ(clock.now() - begin, 24h);
}

}  // namespace
}  // namespace coroom::test
