#include "support/running_application.hpp"
#include "support/running_server.hpp"
#include "support/websocket_client.hpp"
#include "testkit/chat_lines.hpp"
#include "testkit/codes.hpp"

#include <coroom/websocket_handler.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

namespace coroom::test {
namespace {

using namespace testkit;

constexpr std::size_t message_size = 32 * 1024;
constexpr int messages = 600;  // more than the kernel's buffers and the queue hold together

server::ServerConfig options_with(SlowConsumer policy) {
  auto options = test_options();
  options.application.limits.queue_limit = 256 * 1024;
  options.application.limits.rate_limit = {.messages = 0, .bytes = 0};  // because the clients flood
  options.application.limits.slow_consumer = policy;
  // For the closing handshake, which the slow reader reads at the end.
  options.application.timeouts.handshake_timeout = std::chrono::minutes(1);
  return options;
}

std::string message(int number) {
  std::string text = std::to_string(number) + ":";
  text.resize(message_size, 'x');
  return text;
}

int number_of(const std::string& event) {
  return std::stoi(event.substr(chat_line::said("").size()));
}

/// A talker that reads everything, and a client that has stopped reading.
class SlowReader {
 public:
  explicit SlowReader(SlowConsumer policy)
      : server(options_with(policy)),
        talker(server.port()),
        slow(server.port(), "/chat", "", TcpClient::TcpOptions{.receive_buffer = 4096}) {
    EXPECT_EQ(talker.read_event(), chat_line::joined);
    EXPECT_EQ(talker.read_event(), chat_line::joined);
    EXPECT_EQ(slow.read_event(), chat_line::joined);
  }

  /// Sends all messages. The talker receives each at once and in order, whatever happens to the slow reader.
  void talk() {
    for (int number = 0; number != messages; ++number) {
      talker.send_text(message(number));
      std::string event = talker.read_event();
      if (event == chat_line::left) event = talker.read_event();
      EXPECT_EQ(event, chat_line::said(message(number)));
    }
  }

  RunningServer server;
  RawWebSocketClient talker;
  RawWebSocketClient slow;
};

TEST(SlowReader, IsClosedWith3008AndDelaysNoOthers) {
  SlowReader scene(SlowConsumer::close);
  scene.talk();
  EXPECT_EQ(scene.server.count(Counter::slow_consumers), 1);
  int next = 0;
  Frame frame = scene.slow.read();
  for (; frame.opcode == opcode::text; frame = scene.slow.read()) {
    EXPECT_EQ(event_of(frame.payload), chat_line::said(message(next++)))
        << "earlier messages are complete and in order";
  }
  EXPECT_EQ(frame.opcode, opcode::close);
  EXPECT_EQ(frame.close_code(), centrifuge_close::slow);
  EXPECT_EQ(frame.close_reason(), "slow");
  EXPECT_LT(next, messages);
}

TEST(SlowReader, MissesOldestUnderDropPolicy) {
  SlowReader scene(SlowConsumer::drop_oldest);
  scene.talk();
  EXPECT_EQ(scene.server.count(Counter::slow_consumers), 1) << "once per session";
  int last = -1;
  int received = 0;
  while (last != messages - 1) {
    const int number = number_of(scene.slow.read_event());
    EXPECT_GT(number, last) << "in order, with gaps";
    last = number;
    ++received;
  }
  EXPECT_LT(received, messages);
  scene.slow.send_text(message(messages));
  EXPECT_EQ(scene.slow.read_event(), chat_line::said(message(messages))) << "later messages are delivered";
}

struct DropJournal {
  std::atomic<std::size_t> dropped{0};  // bytes
  std::atomic<std::size_t> calls{0};
  std::atomic<std::size_t> queued{0};  // bytes, when all is written
};

/// Writes 16 MiB for each message, to a client that may not read.
class FloodHandler : public WebSocketHandler {
 public:
  explicit FloodHandler(std::shared_ptr<DropJournal> journal) : journal_(std::move(journal)) {}

  [[nodiscard]] SlowConsumer slow_consumer() const override { return SlowConsumer::drop_oldest; }

  task<> on_message(Message /*message*/) override {
    const std::string block(64 * 1024, 'x');
    for (int number = 0; number != 256; ++number) EXPECT_TRUE(push_message(block));
    journal_->queued = queued_bytes();
    co_return;
  }

  void on_dropped(std::size_t bytes) override {
    journal_->dropped += bytes;
    ++journal_->calls;
  }

 private:
  std::shared_ptr<DropJournal> journal_;
};

TEST(SlowReader, NotifiesHandlerOfDroppedBytes) {
  test_options();
  const auto journal = std::make_shared<DropJournal>();
  RunningApplication application({route<FloodHandler>("/", journal)});
  RawWebSocketClient slow(application.port(), "/", "", TcpClient::TcpOptions{.receive_buffer = 4096});
  slow.send_text("write");
  EXPECT_TRUE(eventually([&] { return journal->calls != 0; }));
  EXPECT_EQ(journal->calls, 1) << "once for all that was dropped in one turn";
  EXPECT_GE(journal->dropped, 4 * 1024 * 1024);
  EXPECT_LE(journal->queued, Settings().limits.queue_limit);
  EXPECT_GT(journal->queued, 0);
}

TEST(SlowReader, IsDisconnectedAfterHandshakeTimeout) {
  auto options = options_with(SlowConsumer::close);
  options.application.timeouts.handshake_timeout = std::chrono::milliseconds(200);
  RunningServer server(options);
  RawWebSocketClient slow(server.port(), "/chat?room=alone", "",
                          TcpClient::TcpOptions{.receive_buffer = 4096});
  // It sends messages to its room and reads none, until the server disconnects it.
  bool ended = false;
  for (int number = 0; number != 10 * messages && !ended; ++number) {
    try {
      slow.send_text(message(number));
    } catch (const std::runtime_error&) {
      ended = true;
    }
  }
  EXPECT_TRUE(ended);
  EXPECT_TRUE(eventually([&] { return server.rooms() == 0; }));
  EXPECT_EQ(server.count(Counter::slow_consumers), 1);
}

TEST(SlowReader, IsNoReaderThatKeepsUpWithBurst) {
  auto options = options_with(SlowConsumer::close);
  options.application.limits.queue_limit = 64 * 1024;
  RunningServer server(options);
  RawWebSocketClient client(server.port());
  EXPECT_EQ(client.read_event(), chat_line::joined);
  std::string burst;
  for (int number = 0; number != 8; ++number) burst += masked_frame(0x81, message(number));
  client.send_raw(burst);
  for (int number = 0; number != 8; ++number) EXPECT_EQ(number_of(client.read_event()), number);
  EXPECT_EQ(server.count(Counter::slow_consumers), 0);
}

}  // namespace
}  // namespace coroom::test
