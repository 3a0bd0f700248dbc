#include "support/http_client.hpp"
#include "support/running_server.hpp"
#include "support/websocket_client.hpp"
#include "testkit/chat_lines.hpp"
#include "testkit/codes.hpp"
#include "testkit/request_builder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <thread>
#include <vector>

namespace coroom::test {
namespace {
using namespace std::chrono_literals;
using namespace testkit;

TEST(Shutdown, ClosesEveryClient) {
  RunningServer server;
  std::vector<std::unique_ptr<RawWebSocketClient>> clients;
  for (int index = 0; index != 30; ++index)
    clients.push_back(std::make_unique<RawWebSocketClient>(server.port()));
  std::vector<std::jthread> readers;
  readers.reserve(clients.size());
  for (auto& client : clients) {
    readers.emplace_back([&client = *client] {
      const Frame close = client.read_close();
      EXPECT_EQ(close.close_code(), centrifuge_close::shutdown);
      EXPECT_EQ(close.close_reason(), "shutdown");
    });
  }
  server.stop();
  EXPECT_EQ(server.rooms(), 0);
}

TEST(Shutdown, DeliversEarlierMessages) {
  RunningServer server;
  RawWebSocketClient listener(server.port());
  RawWebSocketClient talker(server.port());
  EXPECT_EQ(talker.read_event(), chat_line::joined);
  talker.send_text("last words");
  EXPECT_EQ(talker.read_event(), chat_line::said("last words")) << "the room has received it";
  std::jthread stopping([&] { server.stop(); });
  EXPECT_EQ(listener.read_event(), chat_line::joined);
  EXPECT_EQ(listener.read_event(), chat_line::joined);
  EXPECT_EQ(listener.read_event(), chat_line::said("last words"));
  listener.read_close();
  talker.read_close();
}

TEST(Shutdown, DoesNotWaitForIdleHttpConnections) {
  auto options = test_options();
  options.application.timeouts.drain_timeout = 1min;
  RunningServer server(options);
  TcpClient fresh(server.port());
  TcpClient idle(server.port());
  idle.send(RequestBuilder("GET", "/nothing"));
  EXPECT_EQ(read_response(idle).status, 404);
  const auto begin = std::chrono::steady_clock::now();
  server.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
  EXPECT_TRUE(idle.at_end());
  EXPECT_TRUE(fresh.at_end());
}

TEST(Shutdown, DisconnectsAfterDrainTimeout) {
  auto options = test_options();
  options.application.timeouts.drain_timeout = 100ms;
  options.application.timeouts.handshake_timeout = 1min;
  RunningServer server(options);
  RawWebSocketClient deaf(server.port());
  EXPECT_EQ(deaf.read_event(), chat_line::joined);
  const auto begin = std::chrono::steady_clock::now();
  server.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 30s);
  EXPECT_EQ(deaf.read().close_code(), centrifuge_close::shutdown) << "it got a close frame";
}

TEST(Shutdown, RejectsNewConnections) {
  auto options = test_options();
  RunningServer server(options);
  const std::uint16_t port = server.port();
  server.stop();
  EXPECT_THROW(TcpClient{port}, std::runtime_error);
}

TEST(Shutdown, EndsServerThatWasNeverStarted) {
  SettableClock clock;
  EXPECT_TRUE(server::open_server(test_options(), clock));
}

}  // namespace
}  // namespace coroom::test
