// An application inside another program: on its io_context, and stopped while handlers run.

#include "support/http_client.hpp"
#include "support/running_application.hpp"
#include "support/running_server.hpp"
#include "support/websocket_client.hpp"
#include "testkit/codes.hpp"
#include "testkit/request_builder.hpp"

#include <coroom/application.hpp>
#include <coroom/log.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace coroom::test {
namespace {

using namespace testkit;
namespace asio = boost::asio;
using namespace std::chrono_literals;
using SharedJournal = std::shared_ptr<Journal>;

constexpr auto stop_limit = 3s;  // the drain timeout of quick_settings() is 200 ms

std::chrono::steady_clock::duration time_of(const std::function<void()>& call) {
  const auto since = std::chrono::steady_clock::now();
  call();
  return std::chrono::steady_clock::now() - since;
}

/// Captures the log.
class LogLines {
 public:
  LogLines() {
    logging::configure(logging::Level::warning, logging::Format::text);
    logging::redirect(
        [lines = lines_](logging::Level, std::string_view line) { lines->note(std::string(line)); });
  }
  LogLines(const LogLines&) = delete;
  LogLines& operator=(const LogLines&) = delete;
  ~LogLines() {
    logging::redirect(nullptr);
    test_options();
  }

  [[nodiscard]] std::vector<std::string> all() const { return lines_->events(); }

 private:
  SharedJournal lines_ = std::make_shared<Journal>();
};

/// Broadcasts the message "room" to its room, and echoes all others.
class EchoHandler : public WebSocketHandler {
  task<> open() override {
    membership_ = (co_await application().room("tea").join(*this)).value();
    co_await write_message("joined");
  }
  task<> on_message(Message message) override {
    if (message.data == "room") {
      co_await membership_.publish(std::move(message));
    } else {
      co_await write_message(message);
    }
  }

  Membership membership_;
};

class PageHandler : public RequestHandler {
  task<> get() override { write(std::to_string((co_await application().statistics()).sessions)); }
};

/// A context and the thread that runs it.
class Host {
 public:
  Host() : thread_([this] { context.run(); }) {}
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  ~Host() {
    stay_.reset();
    thread_.join();
  }

  template <class T>
  T run(task<T> call) {
    return asio::co_spawn(context, std::move(call), asio::use_future).get();
  }

  asio::io_context context{1};

 private:
  asio::executor_work_guard<asio::io_context::executor_type> stay_{context.get_executor()};
  std::thread thread_;
};

std::vector<Route> routes() {
  return {route<EchoHandler>("/echo"), route<PageHandler>("/")};
}

TEST(Embedding, ServesOnContextOfProgram) {
  test_options();
  Host host;
  Application app(routes(), quick_settings(), host.context.get_executor());
  EXPECT_THROW(app.start(), std::logic_error);
  ASSERT_TRUE(app.listen(0));
  EXPECT_THROW(app.start(), std::logic_error);
  EXPECT_THROW(app.run(), std::logic_error);
  const auto port = app.endpoint().port();
  EXPECT_EQ(get(port, "/").body, "0");
  std::vector<std::unique_ptr<RawWebSocketClient>> clients;
  for (int number = 0; number != 8; ++number) {
    clients.push_back(std::make_unique<RawWebSocketClient>(port, "/echo"));
    EXPECT_EQ(clients.back()->read_text(), "joined");
  }
  for (int round = 0; round != 100; ++round) {
    clients.front()->send_text(std::to_string(round));
    EXPECT_EQ(clients.front()->read_text(), std::to_string(round));
  }
  clients.front()->send_text("room");
  for (const auto& client : clients) EXPECT_EQ(client->read_text(), "room");
  EXPECT_EQ(get(port, "/").body, "8");
  EXPECT_TRUE(host.run(app.room("tea").publish(Message(Message::Kind::text, "from outside"))));
  EXPECT_EQ(clients.back()->read_text(), "from outside");

  host.run(app.async_stop());
  EXPECT_EQ(clients.back()->read_close().close_code(), centrifuge_close::shutdown);
  EXPECT_FALSE(host.run(app.room("tea").publish(Message(Message::Kind::text, "late"))));
}

TEST(Embedding, SendsLargeMessagesInManyTurns) {
  test_options();
  Host host;
  Settings settings = quick_settings();
  settings.limits.rate_limit = {.messages = 0, .bytes = 0};
  settings.limits.max_message_size = 2 << 20;
  settings.limits.queue_limit = 16 << 20;
  Application app(routes(), settings, host.context.get_executor());
  ASSERT_TRUE(app.listen(0));
  RawWebSocketClient client(app.endpoint().port(), "/echo");
  EXPECT_EQ(client.read_text(), "joined");
  const std::string much(1 << 20, 'm');
  for (int number = 0; number != 8; ++number) {
    client.send_text(much);
    EXPECT_EQ(client.read_text().size(), much.size());
  }
  host.run(app.async_stop());
}

TEST(Embedding, BlocksInStopOnOtherThread) {
  test_options();
  Host host;
  Application app(routes(), quick_settings(), host.context.get_executor());
  ASSERT_TRUE(app.listen(0));
  RawWebSocketClient client(app.endpoint().port(), "/echo");
  EXPECT_EQ(client.read_text(), "joined");
  app.stop();
  EXPECT_EQ(client.read_close().close_code(), centrifuge_close::shutdown);
}

TEST(Embedding, StopsWithoutOtherWorkInContext) {
  test_options();
  const LogLines lines;
  for (int round = 0; round != 20; ++round) {
    asio::io_context context(1);
    Application app(routes(), quick_settings(), context.get_executor());
    ASSERT_TRUE(app.listen(0));
    std::jthread running([&] { context.run(); });
    EXPECT_LT(time_of([&] { app.stop(); }), stop_limit);
  }
  EXPECT_THAT(lines.all(), testing::IsEmpty());
}

TEST(Embedding, RejectsStopOnContextThread) {
  test_options();
  Host host;
  Application app(routes(), quick_settings(), host.context.get_executor());
  ASSERT_TRUE(app.listen(0));
  std::promise<bool> thrown;
  asio::post(host.context, [&] {
    try {
      app.stop();
      thrown.set_value(false);
    } catch (const std::logic_error&) {
      thrown.set_value(true);
    }
  });
  EXPECT_TRUE(thrown.get_future().get());
}

TEST(Embedding, AllowsDestructionWhileServing) {
  test_options();
  std::optional<RawWebSocketClient> client;
  {
    asio::io_context context(1);
    std::optional<Application> app;
    app.emplace(routes(), quick_settings(), context.get_executor());
    ASSERT_TRUE(app->listen(0));
    std::jthread running([&] { context.run(); });
    client.emplace(app->endpoint().port(), "/echo");
    EXPECT_EQ(client->read_text(), "joined");
    context.stop();
    running.join();
    EXPECT_LT(time_of([&] { app.reset(); }), 1s);
  }
  client->tcp().read_to_end();
}

TEST(Embedding, AllowsDestructionOnContextThread) {
  test_options();
  Host host;
  auto app = std::make_unique<Application>(routes(), quick_settings(), host.context.get_executor());
  ASSERT_TRUE(app->listen(0));
  RawWebSocketClient client(app->endpoint().port(), "/echo");
  EXPECT_EQ(client.read_text(), "joined");
  std::promise<void> gone;
  asio::post(host.context, [&] {
    app.reset();
    gone.set_value();
  });
  gone.get_future().wait();
  client.tcp().read_to_end();
}

TEST(Embedding, AcceptsOnlyIoContextExecutors) {
  asio::io_context context;
  asio::thread_pool pool(1);
  EXPECT_THROW(Application(routes(), {}, pool.get_executor()), std::invalid_argument);
  EXPECT_THROW(Application(routes(), {}, asio::make_strand(context)), std::invalid_argument);
  EXPECT_NO_THROW(Application(routes(), {}, context.get_executor()));
}

/// Waits for an operation that ignores cancellation, until the test releases it.
class StubbornHandler : public RequestHandler {
 public:
  struct HeldCall {
    std::promise<void> began;
    std::promise<void> go_on;
  };

  explicit StubbornHandler(std::shared_ptr<HeldCall> held) : held_(std::move(held)) {}

  task<> get() override {
    const auto wait = [held = held_](auto handler) {
      std::thread([held, handler = std::make_shared<decltype(handler)>(std::move(handler))]() mutable {
        held->began.set_value();
        held->go_on.get_future().wait();
        const auto executor = asio::get_associated_executor(*handler);
        asio::post(executor, [handler] { std::move (*handler)(); });
      }).detach();
    };
    co_await asio::async_initiate<decltype(asio::use_awaitable), void()>(wait, asio::use_awaitable);
  }

 private:
  std::shared_ptr<HeldCall> held_;
};

TEST(Embedding, StopsIfHandlerIgnoresCancellation) {
  test_options();
  const LogLines lines;
  const auto held = std::make_shared<StubbornHandler::HeldCall>();
  {
    RunningApplication app({route<StubbornHandler>("/stubborn/(.*)", held)});
    TcpClient client(app.port());
    client.send(RequestBuilder("GET", "/stubborn/x"));
    held->began.get_future().wait();
    EXPECT_LT(time_of([&] { app->stop(); }), stop_limit);
    EXPECT_THAT(lines.all(),
                testing::Contains(testing::HasSubstr("did not end in time route=/stubborn/(.*) handlers=1")));
  }
  held->go_on.set_value();
}

/// Blocks its thread until the test releases it.
class BlockingHandler : public RequestHandler {
 public:
  explicit BlockingHandler(std::shared_ptr<StubbornHandler::HeldCall> held) : held_(std::move(held)) {}

  task<> get() override {
    held_->began.set_value();
    held_->go_on.get_future().wait();
    co_return;
  }

 private:
  std::shared_ptr<StubbornHandler::HeldCall> held_;
};

TEST(Embedding, StopsIfThreadIsBlocked) {
  test_options();
  const LogLines lines;
  const auto held = std::make_shared<StubbornHandler::HeldCall>();
  {
    RunningApplication app({route<BlockingHandler>("/blocks", held)});
    TcpClient client(app.port());
    client.send(RequestBuilder("GET", "/blocks"));
    held->began.get_future().wait();
    EXPECT_LT(time_of([&] { app->stop(); }), stop_limit);
    EXPECT_THAT(lines.all(),
                testing::Contains(testing::HasSubstr("did not end in time route=/blocks handlers=1")));
  }
  held->go_on.set_value();
}

/// Waits for a task on a context of the program, which does not end.
class AskingHandler : public RequestHandler {
 public:
  AskingHandler(asio::io_context* context, SharedJournal journal)
      : context_(context), journal_(std::move(journal)) {}

  task<> get() override {
    journal_->note("asks");
    co_await asio::co_spawn(*context_, wait(), asio::use_awaitable);
  }

 private:
  static task<> wait() {
    asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    co_await timer.async_wait(asio::use_awaitable);
  }

  asio::io_context* context_;
  SharedJournal journal_;
};

TEST(Embedding, StopsOnThreadThatHandlerWaitsFor) {
  test_options();
  asio::io_context context(1);
  const auto journal = std::make_shared<Journal>();
  RunningApplication app({route<AskingHandler>("/", &context, journal)});
  std::jthread client([&] {
    TcpClient asking(app.port());
    asking.send(RequestBuilder("GET", "/"));
    asking.read_to_end();
  });
  std::chrono::steady_clock::duration took{};
  asio::co_spawn(
      context,
      [](Application& application, SharedJournal asked, asio::io_context& own,
         std::chrono::steady_clock::duration& time) -> task<> {
        asio::steady_timer timer(co_await asio::this_coro::executor);
        while (!asked->has("asks")) {
          timer.expires_after(1ms);
          co_await timer.async_wait(asio::use_awaitable);
        }
        time = time_of([&] { application.stop(); });
        own.stop();
      }(*app, journal, context, took),
      asio::detached);
  context.run();
  EXPECT_LT(took, stop_limit);
  EXPECT_GE(took, 200ms);
}

TEST(Embedding, RunsOtherWorkDuringAsyncStop) {
  test_options();
  Host host;
  const auto journal = std::make_shared<Journal>();
  RunningApplication app({route<AskingHandler>("/", &host.context, journal), route<EchoHandler>("/echo")});
  std::jthread client([&] {
    TcpClient asking(app.port());
    asking.send(RequestBuilder("GET", "/"));
    asking.read_to_end();
  });
  EXPECT_TRUE(eventually([&] { return journal->has("asks"); }));
  auto first = asio::co_spawn(host.context, app->async_stop(), asio::use_future);
  auto second = asio::co_spawn(host.context, app->async_stop(), asio::use_future);
  std::promise<void> served;
  asio::post(host.context, [&] { served.set_value(); });
  served.get_future().wait();
  first.get();
  second.get();
  app->stop();  // does nothing
}

/// Stops the application in the way that the message names.
class StoppingHandler : public WebSocketHandler {
 public:
  explicit StoppingHandler(SharedJournal journal) : journal_(std::move(journal)) {}

  task<> on_message(Message message) override {
    if (message.data == "stop") {
      try {
        application().stop();
      } catch (const std::logic_error&) {
        journal_->note("refused");
      }
    } else {
      co_await application().async_stop();
    }
    co_await write_message("went on");
  }

 private:
  SharedJournal journal_;
};

TEST(Embedding, RejectsStopInHandler) {
  test_options();
  const auto journal = std::make_shared<Journal>();
  RunningApplication app({route<StoppingHandler>("/", journal)});
  RawWebSocketClient client(app.port(), "/");
  client.send_text("stop");
  EXPECT_EQ(client.read_text(), "went on");
  EXPECT_TRUE(journal->has("refused"));
  client.send_text("async");
  EXPECT_EQ(client.read_close().close_code(), centrifuge_close::shutdown) << "which also ends the handler";
  app->stop();
}

TEST(Embedding, SurvivesThrowingLogSink) {
  test_options();
  logging::redirect([](logging::Level, std::string_view) { throw std::runtime_error("no disk"); });
  logging::info("an event");
  logging::record("an act");
  logging::redirect(nullptr);
}

}  // namespace
}  // namespace coroom::test
