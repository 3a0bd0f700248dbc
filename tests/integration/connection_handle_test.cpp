#include "support/running_application.hpp"
#include "support/running_server.hpp"
#include "support/websocket_client.hpp"

#include <coroom/connection_handle.hpp>
#include <coroom/connection_set.hpp>
#include <coroom/websocket_handler.hpp>

#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace coroom::test {
namespace {

using SharedConnections = std::shared_ptr<ConnectionSet>;

/// Broadcasts in a loop over all connections, as chats on Tornado do.
class LoopingHandler : public WebSocketHandler {
 public:
  explicit LoopingHandler(SharedConnections connections) : connections_(std::move(connections)) {}

  task<> open() override {
    connections_->insert(connection());
    co_await write_message("in");
  }

  task<> on_message(Message message) override {
    for (const ConnectionHandle& connection : connections_->all()) connection.write_message(message);
    co_return;
  }

  task<> on_close() override {
    connections_->erase(connection());
    co_return;
  }

 private:
  SharedConnections connections_;
};

/// Takes the handle of its connection only in on_close().
class LateHandler : public WebSocketHandler {
 public:
  explicit LateHandler(SharedConnections gone) : gone_(std::move(gone)) {}

  task<> on_message(Message /*message*/) override { co_return; }
  task<> on_close() override {
    gone_->insert(connection());
    co_return;
  }

 private:
  SharedConnections gone_;
};

class ConnectionHandleTest : public testing::Test {
 protected:
  ConnectionHandleTest() { test_options(); }

  std::unique_ptr<RawWebSocketClient> connect() {
    auto client = std::make_unique<RawWebSocketClient>(app_.port(), "/loop");
    EXPECT_EQ(client->read_text(), "in");
    return client;
  }

  SharedConnections connections_ = std::make_shared<ConnectionSet>();
  RunningApplication app_{{route<LoopingHandler>("/loop", connections_)}};
};

TEST_F(ConnectionHandleTest, BroadcastsInLoopOverAllThreads) {
  std::vector<std::unique_ptr<RawWebSocketClient>> clients;
  for (int number = 0; number != 8; ++number) clients.push_back(connect());
  clients.front()->send_text("to all");
  clients.front()->send_frame(opcode::binary, "\x01");
  for (const auto& client : clients) {
    EXPECT_EQ(client->read_text(), "to all");
    EXPECT_EQ(client->read().opcode, opcode::binary);
  }
}

TEST_F(ConnectionHandleTest, WritesInOrderFromOtherThread) {
  const auto client = connect();
  const ConnectionHandle connection = connections_->all().front();
  std::thread writer([connection] {
    for (int number = 0; number != 1000; ++number)
      EXPECT_TRUE(connection.write_message(std::to_string(number)));
    EXPECT_TRUE(connection.write_message(boost::json::value(boost::json::object({{"done", true}}))));
  });
  for (int number = 0; number != 1000; ++number) EXPECT_EQ(client->read_text(), std::to_string(number));
  EXPECT_EQ(client->read_text(), R"({"done":true})");
  writer.join();
}

TEST_F(ConnectionHandleTest, ReportsErrorAfterConnectionEnds) {
  const auto client = connect();
  const ConnectionHandle connection = connections_->all().front();
  client->leave();
  EXPECT_TRUE(eventually([&] { return connections_->size() == 0; }));
  EXPECT_EQ(connection.write_message("too late").error().message, "the WebSocket is closed");
  EXPECT_TRUE(connection.close()) << "closing twice does nothing";
}

TEST_F(ConnectionHandleTest, IsClosedIfTakenInOnClose) {
  const auto gone = std::make_shared<ConnectionSet>();
  RunningApplication app({route<LateHandler>("/", gone)});
  RawWebSocketClient(app.port(), "/").leave();
  ASSERT_TRUE(eventually([&] { return gone->size() == 1; }));
  EXPECT_EQ(gone->all().front().write_message("too late").error().message, "the WebSocket is closed");
}

TEST_F(ConnectionHandleTest, OutlivesApplication) {
  auto client = connect();
  const ConnectionHandle connection = connections_->all().front();
  {
    std::optional<RunningApplication> other;
    other.emplace(std::vector{route<LoopingHandler>("/loop", connections_)});
    RawWebSocketClient guest(other->port(), "/loop");
    EXPECT_EQ(guest.read_text(), "in");
    const auto connections = connections_->all();
    const ConnectionHandle gone =
        connections.front() == connection ? connections.back() : connections.front();
    other.reset();
    EXPECT_FALSE(gone.write_message("hello"));
  }
  EXPECT_TRUE(connection.write_message("hello"));
  EXPECT_EQ(client->read_text(), "hello");
}

TEST_F(ConnectionHandleTest, ClosesConnection) {
  const auto client = connect();
  const ConnectionHandle connection = connections_->all().front();
  EXPECT_FALSE(connection.close(1006));
  EXPECT_FALSE(connection.close(1000, std::string(124, 'x')));
  EXPECT_FALSE(connection.write_message("\xff"));
  EXPECT_TRUE(connection.close(4001, "out"));
  const Frame frame = client->read_close();
  EXPECT_EQ(frame.close_code(), 4001);
  EXPECT_EQ(frame.close_reason(), "out");
}

}  // namespace
}  // namespace coroom::test
