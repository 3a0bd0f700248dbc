#include "application/session.hpp"

#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace coroom::detail::application {
namespace {

using connection::End;
using testing::ElementsAre;

/// A protocol whose messages end with a semicolon. It ends when the client sends "end;", when the server
/// closes, and when the socket ends. Its output is the code of the close.
class LineProtocol final : public connection::Protocol {
 public:
  explicit LineProtocol(bool lingers) : Protocol({}), lingers_(lingers) {}

  std::optional<ProtocolEvent> next(std::span<char>& data, TimePoint) override {
    if (closed_by_) return End{End::Kind::closed, *closed_by_, "closed by the server"};
    while (!data.empty()) {
      const char byte = data.front();
      data = data.subspan(1);
      if (byte != ';') {
        message_ += byte;
        continue;
      }
      Message message(std::exchange(message_, {}));
      if (message.data == "end") return End{End::Kind::closed, Disconnect(1000), "closed by the client"};
      return message;
    }
    return std::nullopt;
  }
  End on_read_error(std::string_view cause) override {
    return {End::Kind::lost, Disconnect(1006), std::string(cause)};
  }
  void close(Disconnect disconnect, TimePoint) override {
    output_ = "close " + std::to_string(disconnect.code) + ';';
    closed_by_ = std::move(disconnect);
  }
  [[nodiscard]] bool is_open() const override { return !closed_by_; }
  bool ping(std::string_view) override { return false; }
  TimeAction on_time(TimePoint, bool) override { return TimeAction::none; }
  [[nodiscard]] std::optional<TimePoint> due() const override { return std::nullopt; }
  [[nodiscard]] bool lingers() const override { return lingers_; }

 private:
  bool lingers_;
  std::string message_;
  std::optional<Disconnect> closed_by_;
};

/// Records its calls. A message is a command for it.
class RecordingHandler final : public ConnectionHandler {
 public:
  explicit RecordingHandler(std::vector<std::string>& calls) : calls_(calls) {}
  RecordingHandler(const RecordingHandler&) = delete;
  RecordingHandler& operator=(const RecordingHandler&) = delete;
  ~RecordingHandler() override { calls_.emplace_back("destroyed"); }

  task<> open() override {
    calls_.emplace_back("open");
    co_return;
  }
  task<> on_message(Message message) override {
    calls_.push_back(message.data);
    if (message.data == "throw") throw std::runtime_error("on purpose");
    if (message.data == "wait") return wait();
    if (message.data == "push") std::ignore = push_message("pushed;");
    if (message.data == "spawn") spawn(wait());
    if (message.data == "echo") return echo();
    return {};
  }
  task<> on_too_fast(Message message) override {
    calls_.push_back("too fast: " + message.data);
    co_return;
  }
  task<> on_close() override {
    calls_.push_back("close " + std::to_string(close_code().value_or(0)) + ' ' + close_reason());
    co_return;
  }

 private:
  task<> wait() {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, std::chrono::hours(1));
    const auto [ec] = co_await timer.async_wait(as_result);
    calls_.emplace_back(ec ? "cancelled" : "waited");
  }
  task<> echo() { co_await write_message("echo;"); }

  std::vector<std::string>& calls_;
};

class SessionTest : public testing::Test {
 protected:
  SessionTest() {
    boost::asio::local::connect_pair(near_, far_);
    far_.non_blocking(true);
    near_.non_blocking(true);
  }
  void TearDown() override {
    far_.close();
    settle();
    EXPECT_TRUE(shard_.connections().empty()) << "the session has ended";
  }

  void start() {
    Session::start({.shard = shard_,
                    .counters = counters_,
                    .socket = net::DetachedSocket(near_.release()),
                    .protocol = std::make_unique<LineProtocol>(lingers_),
                    .answer = "hello;",
                    .settings = std::make_shared<const SessionSettings>(settings_),
                    .client = {.connection = 1, .address = {}, .quota = nullptr},
                    .handler = std::make_shared<RecordingHandler>(calls_),
                    .guard = nullptr});
    settle();
  }

  /// Runs turns while work is ready.
  void settle() {
    while (shard_.poll()) continue;
  }

  void send(std::string_view data) {
    boost::asio::write(far_, boost::asio::buffer(data));
    settle();
  }

  std::string received() {
    std::string all;
    std::array<char, 4096> chunk{};
    boost::system::error_code ec;
    while (const std::size_t size = far_.read_some(boost::asio::buffer(chunk), ec))
      all.append(chunk.data(), size);
    return all;
  }

  /// Returns the session of the shard.
  Session& session() { return static_cast<Session&>(shard_.connections().front()); }

  SystemClock clock_;
  net::Shard shard_{0, clock_};
  Counters counters_;
  SessionSettings settings_{.queue = {.bytes = 1 << 20, .policy = SlowConsumer::close},
                            .rate_limit = {.messages = 0, .bytes = 0},
                            .handler_counts = false,
                            .reply_limit = {.messages = 0, .bytes = 0},
                            .queue_budget = nullptr,
                            .drain_timeout = std::chrono::milliseconds(100)};
  bool lingers_ = false;
  boost::asio::local::stream_protocol::socket near_{shard_.executor()};
  boost::asio::local::stream_protocol::socket far_{shard_.executor()};
  std::vector<std::string> calls_;
};

TEST_F(SessionTest, HandlesMessagesBetweenOpenAndClose) {
  start();
  send("a;b");
  EXPECT_THAT(calls_, ElementsAre("open", "a"));
  send(";end;");
  EXPECT_THAT(calls_, ElementsAre("open", "a", "b", "close 1000 ", "destroyed"));
  EXPECT_EQ(counters_.get(Counter::messages), 2);
  EXPECT_EQ(received(), "hello;");
}

TEST_F(SessionTest, SendsWhatTheHandlerWrites) {
  start();
  send("push;echo;push;");
  EXPECT_EQ(received(),
            "hello;\x81\7pushed;\x81\5"
            "echo;\x81\7pushed;");
}

TEST_F(SessionTest, ReadsNoMessageWhileTheHandlerWaits) {
  start();
  send("wait;later;");
  EXPECT_THAT(calls_, ElementsAre("open", "wait"));
  far_.close();
  settle();
  EXPECT_THAT(calls_, ElementsAre("open", "wait", "cancelled", "later", "close 1006 ", "destroyed"));
}

TEST_F(SessionTest, ClosesWith1011IfTheHandlerThrows) {
  start();
  send("a;throw;never handled;");
  EXPECT_THAT(calls_, ElementsAre("open", "a", "throw", "close 1011 internal error", "destroyed"));
  EXPECT_EQ(received(), "hello;close 1011;");
}

TEST_F(SessionTest, CancelsTheTasksOfTheHandler) {
  start();
  send("spawn;end;");
  EXPECT_THAT(calls_, ElementsAre("open", "spawn", "cancelled", "close 1000 ", "destroyed"));
}

TEST_F(SessionTest, ClosesASlowConsumerOnce) {
  settings_.queue.bytes = 1000;
  start();
  const auto block = share(std::string(300, 'x'));
  net::Push verdict = net::Push::queued;
  while (verdict == net::Push::queued) verdict = session().push(block);
  EXPECT_EQ(verdict, net::Push::overflow);
  EXPECT_EQ(session().push(block), net::Push::closed);
  EXPECT_EQ(counters_.get(Counter::slow_consumers), 1);
  settle();
  EXPECT_THAT(calls_, ElementsAre("open", "close 3008 slow"));
  while (!shard_.connections().empty()) {
    received();
    settle();
  }
}

TEST_F(SessionTest, RejectsMessagesAboveTheRate) {
  settings_.rate_limit = {.messages = 0, .bytes = 1};
  start();
  send(std::string(11, 'x') + ";a;b;end;");
  EXPECT_THAT(calls_, ElementsAre("open", std::string(11, 'x'), "too fast: a", "too fast: b", "close 1000 ",
                                  "destroyed"));
  EXPECT_EQ(counters_.get(Counter::messages_refused), 2);
}

TEST_F(SessionTest, ClosesAClientThatFloods) {
  settings_.rate_limit = {.messages = 0, .bytes = 1};
  start();
  send(std::string(11, 'x') + ';' + std::string(20, 'y') + ";z;never handled;");
  EXPECT_THAT(calls_, ElementsAre("open", std::string(11, 'x'), "too fast: " + std::string(20, 'y'),
                                  "close 1008 too many messages", "destroyed"));
}

TEST_F(SessionTest, ClosesAtOnceOnAStoppingShard) {
  shard_.begin_stop();
  start();
  EXPECT_THAT(calls_, ElementsAre("open", "close 3001 shutdown", "destroyed"));
  EXPECT_EQ(received(), "hello;close 3001;");
}

TEST_F(SessionTest, EndsAtOnceIfAborted) {
  start();
  send("wait;");
  session().abort();
  settle();
  EXPECT_THAT(calls_, ElementsAre("open", "wait", "cancelled", "close 1006 ", "destroyed"));
}

TEST_F(SessionTest, ReadsWhatTheClientStillSends) {
  lingers_ = true;
  start();
  send("end;more");
  EXPECT_THAT(calls_, ElementsAre("open", "close 1000 ")) << "it lingers";
  send("more");
  far_.close();
  settle();
  EXPECT_THAT(calls_, ElementsAre("open", "close 1000 ", "destroyed"));
}

TEST_F(SessionTest, StopsReadingAFloodAfterItsEnd) {
  lingers_ = true;
  start();
  send("end;");
  const std::string flood(1 << 16, 'x');
  boost::system::error_code ec;
  while (!ec || ec == boost::asio::error::would_block) {
    far_.write_some(boost::asio::buffer(flood), ec);
    settle();
  }
  EXPECT_THAT(calls_, ElementsAre("open", "close 1000 ", "destroyed"));
}

TEST_F(SessionTest, EndsWithItsShard) {
  {
    auto shard = std::make_unique<net::Shard>(1, clock_);
    boost::asio::local::stream_protocol::socket near(shard->executor());
    boost::asio::local::stream_protocol::socket other(shard->executor());
    boost::asio::local::connect_pair(near, other);
    Session::start({.shard = *shard,
                    .counters = counters_,
                    .socket = net::DetachedSocket(near.release()),
                    .protocol = std::make_unique<LineProtocol>(false),
                    .answer = {},
                    .settings = std::make_shared<const SessionSettings>(settings_),
                    .client = {.connection = 1, .address = {}, .quota = nullptr},
                    .handler = std::make_shared<RecordingHandler>(calls_),
                    .guard = nullptr});
    while (shard->poll()) continue;
  }
  EXPECT_THAT(calls_, ElementsAre("open", "destroyed"));
}

}  // namespace
}  // namespace coroom::detail::application
