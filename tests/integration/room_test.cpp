#include "support/running_application.hpp"
#include "support/running_server.hpp"
#include "support/websocket_client.hpp"

#include <coroom/room.hpp>
#include <coroom/websocket_handler.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace coroom::test {
namespace {

/// Joins the room of its path and broadcasts its messages. "leave" leaves, "out" broadcasts without
/// membership.
class MemberHandler : public WebSocketHandler {
 public:
  task<> open() override {
    membership_ = (co_await room().join(*this)).value();
    co_await write_message("joined");
  }

  task<> on_message(Message message) override {
    if (message.data == "leave") {
      membership_.leave();
      co_await write_message("left");
    } else if (message.data == "out") {
      co_await room().publish(std::move(message));
    } else {
      co_await membership_.publish(std::move(message));
    }
  }

 private:
  [[nodiscard]] Room room() const { return application().room(path_arguments().front()); }

  Membership membership_;
};

class RoomTest : public testing::Test {
 protected:
  RoomTest() { test_options(); }

  std::unique_ptr<RawWebSocketClient> join(const std::string& room) {
    auto client = std::make_unique<RawWebSocketClient>(app_.port(), "/" + room);
    EXPECT_EQ(client->read_text(), "joined");
    return client;
  }

  RunningApplication app_{{route<MemberHandler>("/(.*)")}};
};

TEST_F(RoomTest, BroadcastsToMembersOnly) {
  std::vector<std::unique_ptr<RawWebSocketClient>> members;
  for (int number = 0; number != 8; ++number) members.push_back(join("tea"));
  const auto stranger = join("coffee");
  members.front()->send_text("hello");
  members.front()->send_frame(opcode::binary, "\x01");
  for (const auto& member : members) {
    EXPECT_EQ(member->read_text(), "hello");
    EXPECT_EQ(member->read().opcode, opcode::binary);
  }
  stranger->send_text("alone");
  EXPECT_EQ(stranger->read_text(), "alone") << "the first message that it receives";
  EXPECT_EQ(app_->rooms(), 2);
}

TEST_F(RoomTest, IsLeftWithMembership) {
  const auto gone = join("tea");
  const auto stays = join("tea");
  gone->send_text("leave");
  EXPECT_EQ(gone->read_text(), "left");
  stays->send_text("who is here?");
  EXPECT_EQ(stays->read_text(), "who is here?");
  gone->send_text("out");
  EXPECT_EQ(stays->read_text(), "out") << "a client that is no member may publish";
  gone->send_text("leave");
  EXPECT_EQ(gone->read_text(), "left") << "and received nothing meanwhile";
}

TEST_F(RoomTest, EndsWithLastMember) {
  {
    const auto first = join("tea");
    const auto second = join("tea");
    second->tcp().reset();
    first->leave();
  }
  EXPECT_TRUE(eventually([&] { return app_->rooms() == 0; }));
  const auto again = join("tea");
  EXPECT_EQ(app_->rooms(), 1);
}

}  // namespace
}  // namespace coroom::test
