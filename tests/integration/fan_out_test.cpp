#include "support/centrifuge_client.hpp"
#include "support/running_server.hpp"
#include "support/websocket_client.hpp"
#include "testkit/chat_lines.hpp"
#include "testkit/codes.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace coroom::test {
namespace {

using namespace testkit;

/// Applies the limits of addresses to loopback.
server::ServerConfig options_with_loopback_limits() {
  auto options = test_options();
  options.application.limits.unlimited_networks = {"192.0.2.1"};
  return options;
}

std::unique_ptr<CentrifugeClient> new_member(const RunningServer& server) {
  auto client = std::make_unique<CentrifugeClient>(server.port());
  client->connect();
  EXPECT_EQ(error_of(client->subscribe("tea")), 0);
  return client;
}

/// A member that reads nothing is the slowest of all.
TEST(FanOut, LimitsDeliveredBytesOfAddress) {
  auto options = options_with_loopback_limits();
  options.application.limits.address_rate_limit.bytes = 64 * 1024;  // so that little follows the burst
  RunningServer server(options);
  RawWebSocketClient silent(server.port(), "/chat?room=tea", "",
                            TcpClient::TcpOptions{.receive_buffer = 4096});
  const std::string large = '"' + std::string(60'000, 'x') + '"';
  int refused = 0;
  std::vector<std::unique_ptr<CentrifugeClient>> publishers;
  for (int client = 0; client != 4; ++client) publishers.push_back(new_member(server));
  for (const auto& publisher : publishers) {
    for (int time = 0; time != 8; ++time) {
      const int error = error_of(publisher->publish("tea", large));
      EXPECT_TRUE(error == 0 || error == centrifuge_error::too_many_requests) << error;
      refused += error == 0 ? 0 : 1;
    }
  }
  EXPECT_GT(refused, 0);
  EXPECT_EQ(server.count(Counter::messages_refused), refused);
  EXPECT_EQ(server.count(Counter::slow_consumers), 0);
}

/// A small publication causes a larger push.
TEST(FanOut, ChargesDeliveredBytes) {
  auto options = options_with_loopback_limits();
  options.application.limits.address_rate_limit = {.messages = 100'000, .bytes = 1024};  // a burst of 10 KiB
  options.application.limits.rate_limit = {.messages = 0, .bytes = 0};
  RunningServer server(options);
  const auto publisher = new_member(server);
  int refused = 0;
  for (int time = 0; time != 200; ++time) refused += error_of(publisher->publish("tea", "1")) != 0 ? 1 : 0;
  EXPECT_GT(refused, 0);
}

TEST(FanOut, LimitsPlainChat) {
  auto options = options_with_loopback_limits();
  options.application.limits.address_rate_limit.bytes = 64 * 1024;
  options.application.limits.queue_limit = 128 * 1024;
  RunningServer server(options);
  RawWebSocketClient talker(server.port());
  EXPECT_EQ(talker.read_event(), chat_line::joined);
  bool refused = false;
  for (int time = 0; time != 10 && !refused; ++time) {
    talker.send_text(std::string(30'000, 'x'));
    refused = talker.read_event().starts_with(chat_line::rejected);
  }
  EXPECT_TRUE(refused);
}

/// Joins and leaves many times, and returns how many announcements a member got.
int count_announcements_of_flood(const RunningServer& server) {
  RawWebSocketClient member(server.port(), "/chat?room=tea");
  EXPECT_EQ(member.read_event(), chat_line::joined);
  CentrifugeClient flooder(server.port());
  flooder.connect();
  for (int time = 0; time != 500; ++time) {
    EXPECT_EQ(error_of(flooder.subscribe("tea")), 0);
    EXPECT_EQ(error_of(flooder.unsubscribe("tea")), 0);
  }
  EXPECT_EQ(error_of(flooder.subscribe("tea")), 0);
  EXPECT_EQ(error_of(flooder.publish("tea", R"("the end")")), 0);
  int announcements = 0;
  for (std::string event = member.read_event(); event != chat_line::said("the end");
       event = member.read_event())
    ++announcements;
  return announcements;
}

TEST(FanOut, LimitsJoinAndLeaveRate) {
  auto options = options_with_loopback_limits();
  options.application.limits.rate_limit = {.messages = 0, .bytes = 0};
  options.application.limits.address_rate_limit = {.messages = 0, .bytes = 0};
  const RunningServer server(options);
  EXPECT_LT(count_announcements_of_flood(server), 700) << "a few per second of a thousand";
}

TEST(FanOut, AnnouncesEveryMemberEventually) {
  auto options = options_with_loopback_limits();
  options.application.limits.rate_limit = {.messages = 0, .bytes = 0};
  options.application.limits.address_rate_limit = {.messages = 0, .bytes = 0};
  const RunningServer server(options);
  RawWebSocketClient member(server.port(), "/chat?room=tea");
  EXPECT_EQ(member.read_event(), chat_line::joined);
  std::vector<std::unique_ptr<CentrifugeClient>> crowd;
  constexpr int users = 120;  // more than the burst of announcements
  for (int person = 0; person != users; ++person) crowd.push_back(new_member(server));
  for (int person = 0; person != users; ++person) EXPECT_EQ(member.read_event(), chat_line::joined);
}

}  // namespace
}  // namespace coroom::test
