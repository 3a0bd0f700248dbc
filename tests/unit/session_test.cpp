#include "websocket/session.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <stdexcept>

namespace coroom::detail::websocket {
namespace {

using testing::ElementsAre;

/// A stream that returns scripted messages, and records the calls.
class ScriptedStream final : public Stream {
 public:
  struct StreamScript {
    std::deque<std::string> messages;
    End end{End::Kind::closed, Disconnect(1000), "closed by the client"};
    net::Push verdict = net::Push::queued;
    std::vector<std::string> calls;
  };

  explicit ScriptedStream(StreamScript& script) : script_(script) {}

  std::optional<tl::expected<Message, End>> take() override {
    if (!std::exchange(readable_, false)) return std::nullopt;
    if (script_.messages.empty()) return tl::unexpected<End>(script_.end);
    Message message(Message::Kind::text, script_.messages.front());
    script_.messages.pop_front();
    return message;
  }
  task<> readable() override {
    readable_ = true;
    co_return;
  }
  [[nodiscard]] std::size_t queued_bytes() const override { return 0; }
  [[nodiscard]] std::size_t queued_output() const override { return 0; }
  [[nodiscard]] std::size_t take_dropped_bytes() override { return 0; }
  net::Push push(SharedBytes) override { return script_.verdict; }
  void close(Disconnect disconnect) override {
    script_.calls.push_back("close " + std::to_string(disconnect.code));
    script_.end = End(End::Kind::closed, disconnect, "closed by the server");
  }
  void drop_data() override { script_.calls.emplace_back("drop data"); }
  task<> finish() override {
    script_.calls.emplace_back("finish");
    co_return;
  }
  void abort() override { script_.calls.emplace_back("abort"); }
  void on_control(OnControl) override {}
  [[nodiscard]] const Framing& framing() const override { return plain_; }
  [[nodiscard]] std::size_t room() const override { return 1 << 20; }
  [[nodiscard]] bool has_room_for(std::size_t) const override { return true; }
  task<> room_for(std::size_t) override { co_return; }
  net::Push ping(std::string_view) override { return script_.verdict; }
  void watch(std::function<void()>) override {}
  void stop_watching() override {}
  void set_nodelay(bool) override {}

 private:
  StreamScript& script_;
  Framing plain_;
  bool readable_ = false;
};

/// Records its calls. Throws at the message "throw", and pushes to its session at "flood".
class RecordingHandler final : public Handler {
 public:
  task<> open(Session& session) override {
    session_ = &session;
    calls.emplace_back("open");
    co_return;
  }
  task<> on_message(Message message) override {
    calls.push_back(message.data);
    if (message.data == "throw") throw std::runtime_error("on purpose");
    if (message.data == "flood") session_->push(share("x"));
    co_return;
  }
  task<> on_too_fast(Message message) override {
    calls.push_back("too fast: " + message.data);
    co_return;
  }
  task<> on_close(Disconnect disconnect) override {
    calls.push_back("close " + std::to_string(disconnect.code));
    co_return;
  }
  void on_control(Opcode, std::string_view) override {}

  std::vector<std::string> calls;

 private:
  Session* session_ = nullptr;
};

class SessionTest : public testing::Test {
 protected:
  void run() {
    Session session(std::make_unique<ScriptedStream>(script_),
                    {shard_, counters_, 1, {}, rate_limit_, nullptr});
    const auto ended = [this](const std::exception_ptr& thrown) {
      EXPECT_FALSE(thrown);
      shard_.stop();
    };
    boost::asio::co_spawn(shard_.executor(), session.run(handler_),
                          boost::asio::bind_cancellation_slot(session.cancellation(), ended));
    shard_.run();
    EXPECT_FALSE(shard_.connections().empty());  // until the session is destroyed
  }

  SystemClock clock_;
  net::Shard shard_{0, clock_};
  Counters counters_;
  RateLimit rate_limit_;
  ScriptedStream::StreamScript script_;
  RecordingHandler handler_;
};

TEST_F(SessionTest, HandlesMessagesBetweenOpenAndClose) {
  script_.messages = {"a", "b"};
  run();
  EXPECT_THAT(handler_.calls, ElementsAre("open", "a", "b", "close 1000"));
  EXPECT_THAT(script_.calls, ElementsAre("finish"));
  EXPECT_EQ(counters_.get(Counter::messages), 2);
  EXPECT_TRUE(shard_.connections().empty()) << "the session has left the list of the shard";
}

TEST_F(SessionTest, ClosesWith1011IfTheHandlerThrows) {
  script_.messages = {"a", "throw", "never handled"};
  run();
  EXPECT_THAT(handler_.calls, ElementsAre("open", "a", "throw", "close 1011"));
  EXPECT_THAT(script_.calls, ElementsAre("close 1011", "finish"));
}

TEST_F(SessionTest, ClosesASlowConsumerOnce) {
  script_.messages = {"flood", "flood"};
  script_.verdict = net::Push::overflow;
  run();
  EXPECT_THAT(script_.calls, ElementsAre("drop data", "close 3008", "finish"));
  EXPECT_THAT(handler_.calls, ElementsAre("open", "flood", "close 3008"))
      << "nothing is handled after the close";
  EXPECT_EQ(counters_.get(Counter::slow_consumers), 1);
}

TEST_F(SessionTest, KeepsAConnectionThatDropsTheOldest) {
  script_.messages = {"flood", "flood"};
  script_.verdict = net::Push::dropped;
  run();
  EXPECT_THAT(script_.calls, ElementsAre("finish"));
  EXPECT_EQ(counters_.get(Counter::slow_consumers), 1) << "counted once per session";
}

TEST_F(SessionTest, RejectsMessagesAboveTheRate) {
  rate_limit_ = {.messages = 0, .bytes = 1};
  script_.messages = {std::string(11, 'x'), "a", "b"};
  run();
  EXPECT_THAT(handler_.calls,
              ElementsAre("open", std::string(11, 'x'), "too fast: a", "too fast: b", "close 1000"));
  EXPECT_EQ(counters_.get(Counter::messages_refused), 2);
}

TEST_F(SessionTest, ClosesAClientThatFloods) {
  rate_limit_ = {.messages = 0, .bytes = 1};
  script_.messages = {std::string(11, 'x'), std::string(20, 'y'), "z", "never handled"};
  run();
  EXPECT_THAT(handler_.calls,
              ElementsAre("open", std::string(11, 'x'), "too fast: " + std::string(20, 'y'), "close 1008"));
  EXPECT_THAT(script_.calls, ElementsAre("close 1008", "finish"));
}

TEST_F(SessionTest, ClosesAtOnceOnAStoppingShard) {
  shard_.begin_stop();
  script_.messages = {"too late"};
  run();
  EXPECT_THAT(script_.calls, ElementsAre("close 3001", "finish"));
  EXPECT_THAT(handler_.calls, ElementsAre("open", "close 3001"));
}

}  // namespace
}  // namespace coroom::detail::websocket
