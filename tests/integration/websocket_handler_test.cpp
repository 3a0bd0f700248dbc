#include "support/http_client.hpp"
#include "support/running_application.hpp"
#include "support/running_server.hpp"
#include "support/websocket_client.hpp"
#include "testkit/codes.hpp"

#include <coroom/application.hpp>
#include <coroom/websocket_handler.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/json/object.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace coroom::test {
namespace {

using namespace testkit;
using testing::ElementsAre;
using SharedJournal = std::shared_ptr<Journal>;

/// Executes its messages, and notes the calls of its overrides.
class ObedientHandler : public WebSocketHandler {
 public:
  explicit ObedientHandler(SharedJournal journal) : journal_(std::move(journal)) {}

  task<> open() override {
    std::string groups;
    for (const std::string& group : path_arguments()) groups += " " + group;
    note("open" + groups);
    if (get_argument("open") == "throw") throw std::runtime_error("on purpose");
    if (get_argument("open") == "wait") co_await wait_for_ever();
    note("opened");
  }

  task<> on_message(Message message) override {
    if (message.data == "throw") throw std::runtime_error("on purpose");
    if (message.data == "wait") co_await wait_for_ever();
    if (message.data == "close") answer_of(close(4000, "as you wish"));
    if (message.data == "close twice") {
      answer_of(close(4001, "first"));
      answer_of(close(4002, "second"));
      const Result<> written = co_await write_message("too late");
      answer_of(written);
    }
    if (message.data == "close badly") {
      for (const int code : {0, 999, 1004, 1005, 1006, 1015, 2999, 5000})
        answer_of(close(static_cast<std::uint16_t>(code)));
      answer_of(close(1000, std::string(124, 'x')));
      answer_of(close(1000, "\xff"));
    }
    if (message.data == "write badly") {
      const Result<> written = co_await write_message(std::string_view("\xc3\x28"));
      answer_of(written);
      co_await write_message("went on");
    }
    if (message.data == "json") {
      const boost::json::value value = boost::json::object({{"n", 1}});
      co_await write_message(value);
    }
    if (message.data == "much") {
      for (int number = 0; number != 64; ++number) co_await write_message(std::string(64 * 1024, 'm'));
      note("wrote all");
    }
    if (message.data == "ping") answer_of(ping("from the server"));
    if (message.data == "long ping") answer_of(ping(std::string(126, 'p')));
    if (message.data == "echo" || message.kind == Message::Kind::binary) co_await write_message(message);
  }

  task<> on_close() override {
    note("close " + std::to_string(close_code().value_or(0)) + " " + close_reason());
    const Result<> written = co_await write_message("after the end");
    answer_of(written);
  }

  void on_ping(std::string_view data) override { note("ping " + std::string(data)); }
  void on_pong(std::string_view data) override { note("pong " + std::string(data)); }

 private:
  void note(std::string event) { journal_->note(std::move(event)); }
  void answer_of(const Result<>& result) { note(result ? "ok" : result.error().message); }

  task<> wait_for_ever() {
    note("waits");
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor,
                                    boost::asio::steady_timer::time_point::max());
    co_await timer.async_wait(as_result);
    note("woken");
    co_await timer.async_wait(as_result);
    note("went on in spite of it");
  }

  SharedJournal journal_;
};

class WebSocketHandlerTest : public testing::Test {
 protected:
  WebSocketHandlerTest() { test_options(); }

  RawWebSocketClient connect(std::string_view target = "/obey/") {
    return RawWebSocketClient(app_.port(), target);
  }
  [[nodiscard]] bool noted(const std::string& event) const {
    return eventually([&] { return journal_->has(event); });
  }

  SharedJournal journal_ = std::make_shared<Journal>();
  RunningApplication app_{{route<ObedientHandler>("/obey/([^/]*)", journal_)}};
};

constexpr const char* after_the_end = "the WebSocket is closed";

TEST_F(WebSocketHandlerTest, GetsPathArgumentsAndCallsInOrder) {
  RawWebSocketClient client = connect("/obey/caf%C3%A9?x=1");
  client.send_text("echo");
  EXPECT_EQ(client.read_text(), "echo");
  client.send_close(1000, "bye");
  EXPECT_EQ(client.read_close().close_code(), websocket_close::normal);
  EXPECT_TRUE(noted(after_the_end));
  EXPECT_THAT(journal_->events(), ElementsAre("open café", "opened", "close 1000 bye", after_the_end));
}

TEST_F(WebSocketHandlerTest, ReadsNoMessageBeforeOpenEnds) {
  RawWebSocketClient client = connect("/obey/?open=wait");
  client.send_text("close");
  EXPECT_TRUE(noted("waits"));
  client.tcp().reset();
  EXPECT_TRUE(noted("close 1006 "));
  EXPECT_FALSE(journal_->has("ok"));
}

TEST_F(WebSocketHandlerTest, GetsOnCloseOnceAfterReset) {
  RawWebSocketClient client = connect();
  EXPECT_TRUE(noted("opened"));
  client.tcp().reset();
  EXPECT_TRUE(noted(after_the_end));
  EXPECT_THAT(journal_->events(), ElementsAre("open ", "opened", "close 1006 ", after_the_end));
}

TEST_F(WebSocketHandlerTest, IsCancelledWhenClientIsLost) {
  RawWebSocketClient client = connect();
  client.send_text("wait");
  EXPECT_TRUE(noted("waits"));
  client.tcp().reset();
  EXPECT_TRUE(noted("close 1006 "));
  EXPECT_TRUE(journal_->has("woken"));
  EXPECT_FALSE(journal_->has("went on in spite of it"));
}

TEST_F(WebSocketHandlerTest, IsCancelledAfterDrainTimeout) {
  RawWebSocketClient client = connect();
  client.send_text("wait");
  EXPECT_TRUE(noted("waits"));
  app_->stop();
  EXPECT_TRUE(journal_->has("woken"));
  EXPECT_FALSE(journal_->has("went on in spite of it"));
}

TEST_F(WebSocketHandlerTest, ClosesWithCodeAndReason) {
  RawWebSocketClient client = connect();
  client.send_text("close");
  const Frame frame = client.read_close();
  EXPECT_EQ(frame.close_code(), 4000);
  EXPECT_EQ(frame.close_reason(), "as you wish");
  EXPECT_TRUE(noted("close 4000 as you wish"));
}

TEST_F(WebSocketHandlerTest, WritesNothingAfterClose) {
  RawWebSocketClient client = connect();
  client.send_text("close twice");
  EXPECT_EQ(client.read().close_code(), 4001);
  EXPECT_TRUE(noted(after_the_end));
  EXPECT_THAT(journal_->events(), ElementsAre("open ", "opened", "ok", "ok", after_the_end));
}

TEST_F(WebSocketHandlerTest, RejectsInvalidCodesAndReasons) {
  RawWebSocketClient client = connect();
  client.send_text("close badly");
  EXPECT_TRUE(noted("close code 5000 may not be sent"));
  client.send_text("echo");
  EXPECT_EQ(client.read_text(), "echo") << "the connection is unchanged";
  const auto events = journal_->events();
  EXPECT_EQ(std::ranges::count(events, "ok"), 0);
  EXPECT_EQ(std::ranges::count(
                events, "a close reason must be UTF-8 without control characters and at most 123 bytes"),
            2);
}

TEST_F(WebSocketHandlerTest, RejectsInvalidUtf8) {
  RawWebSocketClient client = connect();
  client.send_text("write badly");
  EXPECT_EQ(client.read_text(), "went on");
  EXPECT_TRUE(journal_->has("the text is not UTF-8"));
}

TEST_F(WebSocketHandlerTest, WritesTextBinaryAndJson) {
  RawWebSocketClient client = connect();
  client.send_text("json");
  EXPECT_EQ(client.read_text(), R"({"n":1})");
  client.send_frame(opcode::binary, std::string("\0\xff", 2));
  const Frame binary = client.read();
  EXPECT_EQ(binary.opcode, opcode::binary);
  EXPECT_EQ(binary.payload, std::string("\0\xff", 2));
}

TEST_F(WebSocketHandlerTest, WaitsForReaderIfQueueIsFull) {
  RawWebSocketClient client(app_.port(), "/obey/", "", TcpClient::TcpOptions{.receive_buffer = 4096});
  client.send_text("much");
  for (int number = 0; number != 64; ++number) EXPECT_EQ(client.read_text().size(), 64 * 1024);
  EXPECT_TRUE(noted("wrote all"));
  EXPECT_EQ(app_->counters().get(Counter::slow_consumers), 0);
}

TEST_F(WebSocketHandlerTest, SendsAndReceivesPingsAndPongs) {
  RawWebSocketClient client = connect();
  client.send_text("ping");
  client.send_text("long ping");
  client.send_frame(opcode::ping, "from the client");
  EXPECT_EQ(client.read().payload, "from the client") << "the pong, after the client's response to the ping";
  EXPECT_TRUE(noted("pong from the server"));
  EXPECT_TRUE(noted("ping from the client"));
  EXPECT_TRUE(noted("the payload of a ping must have at most 125 bytes"));
}

TEST_F(WebSocketHandlerTest, ClosesOwnConnectionWhenThrowing) {
  RawWebSocketClient other = connect();
  RawWebSocketClient client = connect();
  client.send_text("throw");
  EXPECT_EQ(client.read_close().close_code(), websocket_close::internal_error);
  RawWebSocketClient opening = connect("/obey/?open=throw");
  EXPECT_EQ(opening.read_close().close_code(), websocket_close::internal_error);
  other.send_text("echo");
  EXPECT_EQ(other.read_text(), "echo");
}

/// A handler with overrides that differ from the defaults.
class PickyHandler : public WebSocketHandler {
 public:
  explicit PickyHandler(SharedJournal journal) : journal_(std::move(journal)) {}

  task<> prepare() override {
    if (get_argument("token", "") != "good") send_error(401, "A good token is needed.");
    co_return;
  }
  bool check_origin(std::string_view origin) override { return origin == "https://friend.example"; }
  std::optional<std::string> select_subprotocol(const std::vector<std::string>& offered) override {
    return offered.back();
  }
  [[nodiscard]] std::size_t max_message_size() const override { return 10; }
  [[nodiscard]] std::chrono::milliseconds ping_interval() const override {
    return std::chrono::milliseconds(get_argument("ping", "") == "quick" ? 20 : 25'000);
  }

  task<> open() override {
    co_await write_message(selected_subprotocol().value_or("none"));
    co_await write_message(get_cookie("name").value_or("no cookie") + " " + request().remote_ip.to_string());
  }
  task<> on_message(Message message) override { co_await write_message(message); }
  task<> on_close() override {
    journal_->note("close " + std::to_string(close_code().value_or(0)));
    co_return;
  }

 private:
  SharedJournal journal_;
};

class WebSocketHandlerOverrides : public testing::Test {
 protected:
  WebSocketHandlerOverrides() { test_options(); }

  SharedJournal journal_ = std::make_shared<Journal>();
  RunningApplication app_{{route<PickyHandler>("/picky", journal_)}};
};

TEST_F(WebSocketHandlerOverrides, RejectsBeforeHandshake) {
  EXPECT_EQ(ask(app_.port(), upgrade_request(app_.port(), "/picky")).status, 401);
  EXPECT_EQ(
      ask(app_.port(), upgrade_request(app_.port(), "/picky?token=good", "Origin: https://a.example\r\n"))
          .status,
      403);
  EXPECT_EQ(get(app_.port(), "/picky?token=good").status, 400) << "no upgrade";
  RawWebSocketClient client(app_.port(), "/picky?token=good", "Origin: https://friend.example\r\n");
  EXPECT_EQ(client.read_text(), "none");
}

TEST_F(WebSocketHandlerOverrides, SelectsSubprotocolAndReadsRequest) {
  RawWebSocketClient client(app_.port(), "/picky?token=good",
                            "Sec-WebSocket-Protocol: a, b\r\nCookie: x=1; name=Wei\r\n");
  EXPECT_EQ(client.read_text(), "b");
  EXPECT_EQ(client.read_text(), "Wei 127.0.0.1");
}

TEST_F(WebSocketHandlerOverrides, SetsLimits) {
  RawWebSocketClient client(app_.port(), "/picky?token=good");
  client.read_text();
  client.read_text();
  client.send_text("0123456789");
  EXPECT_EQ(client.read_text(), "0123456789");
  client.send_text("0123456789x");
  EXPECT_EQ(client.read_close().close_code(), websocket_close::too_big);
}

TEST_F(WebSocketHandlerOverrides, DisconnectsClientWithoutPong) {
  const RawWebSocketClient silent(app_.port(), "/picky?token=good&ping=quick");
  EXPECT_TRUE(eventually([&] { return journal_->has("close 1006"); }));
}

}  // namespace
}  // namespace coroom::test
