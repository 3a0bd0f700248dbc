#include "support/running_application.hpp"
#include "support/running_server.hpp"
#include "support/websocket_client.hpp"

#include <coroom/peer.hpp>
#include <coroom/websocket_handler.hpp>

#include <boost/json/object.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace coroom::test {
namespace {

using SharedPeers = std::shared_ptr<PeerSet>;

/// The loop over a set of handlers by which Tornado's chats broadcast.
class LoopingHandler : public WebSocketHandler {
 public:
  explicit LoopingHandler(SharedPeers peers) : peers_(std::move(peers)) {}

  task<> open() override {
    peers_->insert(peer());
    co_await write_message("in");
  }

  task<> on_message(Message message) override {
    for (const Peer& peer : peers_->all()) peer.write_message(message);
    co_return;
  }

  task<> on_close() override {
    peers_->erase(peer());
    co_return;
  }

 private:
  SharedPeers peers_;
};

/// Has nobody know of its connection until that has ended.
class LateHandler : public WebSocketHandler {
 public:
  explicit LateHandler(SharedPeers gone) : gone_(std::move(gone)) {}

  task<> on_message(Message /*message*/) override { co_return; }
  task<> on_close() override {
    gone_->insert(peer());
    co_return;
  }

 private:
  SharedPeers gone_;
};

class Peers : public testing::Test {
 protected:
  Peers() { test_options(); }

  std::unique_ptr<WebSocketClient> connect() {
    auto client = std::make_unique<WebSocketClient>(app_.port(), "/loop");
    EXPECT_EQ(client->read_text(), "in");
    return client;
  }

  SharedPeers peers_ = std::make_shared<PeerSet>();
  RunningApplication app_{{route<LoopingHandler>("/loop", peers_)}};
};

TEST_F(Peers, HearALoopOverThemOnWhateverThreadTheyAre) {
  std::vector<std::unique_ptr<WebSocketClient>> clients;
  for (int number = 0; number != 8; ++number) clients.push_back(connect());
  clients.front()->send_text("to all");
  clients.front()->send_frame(opcode::binary, "\x01");
  for (const auto& client : clients) {
    EXPECT_EQ(client->read_text(), "to all");
    EXPECT_EQ(client->read().opcode, opcode::binary);
  }
}

TEST_F(Peers, CanBeWrittenToFromThreadsOfTheProgramInOrder) {
  const auto client = connect();
  const Peer peer = peers_->all().front();
  std::thread writer([peer] {
    for (int number = 0; number != 1000; ++number) EXPECT_TRUE(peer.write_message(std::to_string(number)));
    EXPECT_TRUE(peer.write_message(boost::json::value(boost::json::object({{"done", true}}))));
  });
  for (int number = 0; number != 1000; ++number) EXPECT_EQ(client->read_text(), std::to_string(number));
  EXPECT_EQ(client->read_text(), R"({"done":true})");
  writer.join();
}

TEST_F(Peers, OutliveTheirConnectionAndSayThatItIsClosed) {
  const auto client = connect();
  const Peer peer = peers_->all().front();
  client->leave();
  EXPECT_TRUE(eventually([&] { return peers_->size() == 0; }));
  EXPECT_EQ(peer.write_message("too late").error().message, "the WebSocket is closed");
  EXPECT_TRUE(peer.close()) << "closing twice does nothing";
}

TEST_F(Peers, OfConnectionsThatHaveEndedAreClosedFromTheBeginning) {
  const auto gone = std::make_shared<PeerSet>();
  RunningApplication app({route<LateHandler>("/", gone)});
  WebSocketClient(app.port(), "/").leave();
  ASSERT_TRUE(eventually([&] { return gone->size() == 1; }));
  EXPECT_EQ(gone->all().front().write_message("too late").error().message, "the WebSocket is closed");
}

TEST_F(Peers, OutliveTheApplication) {
  auto client = connect();
  const Peer peer = peers_->all().front();
  {
    std::optional<RunningApplication> other;
    other.emplace(std::vector{route<LoopingHandler>("/loop", peers_)});
    WebSocketClient guest(other->port(), "/loop");
    EXPECT_EQ(guest.read_text(), "in");
    const auto peers = peers_->all();
    const Peer gone = peers.front() == peer ? peers.back() : peers.front();
    other.reset();
    EXPECT_FALSE(gone.write_message("hello"));
  }
  EXPECT_TRUE(peer.write_message("hello"));
  EXPECT_EQ(client->read_text(), "hello");
}

TEST_F(Peers, CanBeClosedByOthers) {
  const auto client = connect();
  const Peer peer = peers_->all().front();
  EXPECT_FALSE(peer.close(1006));
  EXPECT_FALSE(peer.close(1000, std::string(124, 'x')));
  EXPECT_FALSE(peer.write_message("\xff"));
  EXPECT_TRUE(peer.close(4001, "out"));
  const Frame frame = client->read_close();
  EXPECT_EQ(frame.close_code(), 4001);
  EXPECT_EQ(frame.close_reason(), "out");
}

}  // namespace
}  // namespace coroom::test
