#include "support/running_server.hpp"
#include "support/websocket_client.hpp"
#include "testkit/chat_lines.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace coroom::test {
namespace {

using namespace testkit;

constexpr std::size_t senders = 8;
constexpr std::size_t receivers = 50;
constexpr std::size_t messages_each = 100;

/// The messages in the order in which this client received them.
std::vector<std::string> receive_all(RawWebSocketClient& client) {
  std::vector<std::string> received;
  while (received.size() != senders * messages_each) {
    const std::string event = client.read_event();
    if (event.starts_with(chat_line::said(""))) received.push_back(event);
  }
  return received;
}

class Order : public testing::TestWithParam<std::size_t> {};

TEST_P(Order, IsSameForAllReceivers) {
  auto options = test_options();
  options.application.threads = GetParam();
  RunningServer server(options);
  std::vector<std::unique_ptr<RawWebSocketClient>> clients;
  for (std::size_t index = 0; index != receivers + senders; ++index) {
    clients.push_back(std::make_unique<RawWebSocketClient>(server.port()));
    // All clients are members before the first message, so each receives all messages.
    EXPECT_EQ(clients.back()->read_event(), chat_line::joined);
  }

  std::vector<std::vector<std::string>> received(clients.size());
  {
    std::vector<std::jthread> threads;
    for (std::size_t index = 0; index != clients.size(); ++index) {
      threads.emplace_back([&received, &clients, index] { received[index] = receive_all(*clients[index]); });
    }
    for (std::size_t sender = 0; sender != senders; ++sender) {
      threads.emplace_back([&client = *clients[receivers + sender], sender] {
        for (std::size_t message = 0; message != messages_each; ++message) {
          client.send_text(std::to_string(sender) + ":" + std::to_string(message));
        }
      });
    }
  }

  for (const auto& one : received) EXPECT_EQ(one, received.front());
  std::vector<int> next(senders, 0);
  for (const std::string& said : received.front()) {
    const auto sender = static_cast<std::size_t>(said[chat_line::said("").size()] - '0');
    EXPECT_EQ(said, chat_line::said(std::to_string(sender) + ":" + std::to_string(next[sender]++)))
        << "the order of each sender";
  }
}

INSTANTIATE_TEST_SUITE_P(Shards, Order, testing::Values(1, 2), testing::PrintToStringParamName());

TEST(OrderOfJoins, ExcludesEarlierMessages) {
  auto options = test_options();
  options.application.limits.rate_limit = {.messages = 0, .bytes = 0};  // because it publishes all the time
  RunningServer server(options);
  RawWebSocketClient talker(server.port());
  talker.read_text();
  std::jthread talking([&](const std::stop_token& stop) {
    for (int number = 0; !stop.stop_requested(); ++number) {
      talker.send_text(std::to_string(number));
      while (talker.read_event() != chat_line::said(std::to_string(number))) {
      }
    }
  });
  for (int round = 0; round != 200; ++round) {
    RawWebSocketClient newcomer(server.port());
    EXPECT_EQ(newcomer.read_event(), chat_line::joined) << "its own join comes first, on any shard";
    std::string said = newcomer.read_event();
    while (!said.starts_with(chat_line::said(""))) said = newcomer.read_event();
    int last = std::stoi(said.substr(chat_line::said("").size()));
    for (int received = 0; received != 3;) {
      said = newcomer.read_event();
      if (!said.starts_with(chat_line::said(""))) continue;
      EXPECT_EQ(said, chat_line::said(std::to_string(++last))) << "no gap and no double";
      ++received;
    }
    newcomer.tcp().reset();
  }
}

}  // namespace
}  // namespace coroom::test
