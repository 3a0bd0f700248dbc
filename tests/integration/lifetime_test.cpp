// Lifetimes of handles, calls and tasks relative to the application, on threads and contexts of the program.

#include "support/running_application.hpp"
#include "support/running_server.hpp"
#include "support/websocket_client.hpp"

#include <coroom/application.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

namespace coroom::test {
namespace {

using namespace std::chrono_literals;
using SharedJournal = std::shared_ptr<Journal>;

const std::string long_name = "a name that is longer than what a string holds in itself";

Message text(std::string data) {
  return {Message::Kind::text, std::move(data)};
}

std::string error_of(const auto& result) {
  return result ? "none" : result.error().message;
}

task<> run_nothing() {
  co_return;
}

/// A member of the room `long_name`.
class MemberHandler : public WebSocketHandler {
 public:
  task<> open() override {
    membership_ = (co_await application().room(long_name).join(*this)).value();
    co_await write_message("joined");
  }
  task<> on_message(Message /*message*/) override { co_return; }

 private:
  Membership membership_;
};

Settings with_history() {
  Settings settings = quick_settings();
  settings.room_options = [](std::string_view) { return RoomOptions{.history_size = 10, .history_ttl = 1h}; };
  return settings;
}

TEST(Lifetime, AllowsTemporaryRooms) {
  test_options();
  RunningApplication app({route<MemberHandler>("/")}, with_history());
  RawWebSocketClient member(app.port(), "/");
  EXPECT_EQ(member.read_text(), "joined");
  for (int number = 0; number != 8; ++number) {
    boost::asio::io_context context;  // destroyed after the round
    const auto run = [&context](auto call) {
      auto ended = boost::asio::co_spawn(context, std::move(call), boost::asio::use_future);
      context.run();
      context.restart();
      return ended.get();
    };
    EXPECT_TRUE(run(app->room(long_name).publish(text("broadcast"))));
    EXPECT_TRUE(run(app->room(long_name).publish(Publication::of(text("published")))));
    EXPECT_TRUE(app->room(long_name).post(text("posted")));
    EXPECT_EQ(run(app->room(long_name).history(HistoryFilter{.limit = 1}))->publications.size(), 1);
    EXPECT_TRUE(run(app->room(long_name).presence())->members.empty()) << "the room keeps no presence";
    EXPECT_EQ(run(app->statistics()).sessions, 1);
    for (const char* expected : {"broadcast", "published", "posted"}) EXPECT_EQ(member.read_text(), expected);
  }
}

TEST(Lifetime, AllowsContextToEndDuringCalls) {
  test_options();
  RunningApplication app({route<MemberHandler>("/")}, with_history());
  for (int number = 0; number != 200; ++number) {
    boost::asio::io_context context;
    for (int call = 0; call != 4; ++call) {
      boost::asio::co_spawn(context, app->room(long_name).history(), boost::asio::detached);
      boost::asio::co_spawn(context, app->room(long_name).publish(Publication::of(text("x"))),
                            boost::asio::detached);
      boost::asio::co_spawn(context, app->room(long_name).presence(), boost::asio::detached);
    }
    context.poll();  // sends the calls; their results have no receiver
  }
  boost::asio::io_context context;
  auto ended = boost::asio::co_spawn(context, app->room(long_name).history(), boost::asio::use_future);
  context.run();
  EXPECT_TRUE(ended.get()) << "and other calls complete";
}

TEST(Lifetime, AllowsRoomToOutliveApplication) {
  test_options();
  boost::asio::io_context context;
  std::optional<Room> room;
  std::optional<task<Result<Position>>> late;
  {
    RunningApplication app({route<MemberHandler>("/")}, with_history());
    room = app->room(long_name);
    late = room->publish(text("late"));
  }
  const auto run = [&context](auto call) {
    auto ended = boost::asio::co_spawn(context, std::move(call), boost::asio::use_future);
    context.run();
    context.restart();
    return ended.get();
  };
  const std::string stopped = "the application has stopped";
  EXPECT_EQ(error_of(run(std::move(*late))), stopped);
  EXPECT_EQ(error_of(run(room->publish(text("later")))), stopped);
  EXPECT_EQ(error_of(run(room->publish(Publication::of(text("later"))))), stopped);
  EXPECT_EQ(error_of(run(room->history())), stopped);
  EXPECT_EQ(error_of(run(room->remove_history())), stopped);
  EXPECT_TRUE(run(room->presence())->members.empty());
}

TEST(Lifetime, ReportsErrorBeforeStart) {
  test_options();
  Application app({route<MemberHandler>("/")}, with_history());
  EXPECT_TRUE(app.listen(0));
  boost::asio::io_context context;
  const auto run = [&context](auto call) {
    auto ended = boost::asio::co_spawn(context, std::move(call), boost::asio::use_future);
    context.run();
    context.restart();
    return ended.get();
  };
  const std::string early = "the application has not started";
  Room room = app.room("tea");
  EXPECT_EQ(error_of(run(room.publish(text("early")))), early);
  EXPECT_EQ(error_of(run(room.publish(Publication::of(text("early"))))), early);
  EXPECT_EQ(error_of(run(room.history())), early);
  EXPECT_EQ(error_of(run(room.remove_history())), early);
  EXPECT_TRUE(run(room.presence())->members.empty());
  EXPECT_THROW(run(app.statistics()), std::logic_error);
  app.start();
  EXPECT_TRUE(run(room.history()));
  app.stop();
  EXPECT_THROW(run(app.statistics()), std::logic_error);
  EXPECT_THROW(app.spawn(run_nothing()), std::logic_error);
  EXPECT_THROW(app.start(), std::logic_error);
  EXPECT_FALSE(app.listen(0));
  app.stop();
}

/// Sends its counter from a task that reads a member of the handler.
class TickingHandler : public WebSocketHandler {
 public:
  explicit TickingHandler(SharedJournal journal) : journal_(std::move(journal)) {}

  task<> open() override {
    spawn(tick());
    spawn(wait_for_the_end());
    co_return;
  }
  task<> on_message(Message message) override {
    if (message.data == "throw") spawn(fail());
    co_return;
  }
  task<> on_close() override {
    journal_->note("close " + std::to_string(close_code().value_or(0)));
    try {
      spawn(tick());
    } catch (const std::logic_error&) {
      journal_->note("too late");
    }
    co_return;
  }

 private:
  task<> tick() {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    for (int number = 0;; ++number) {
      timer.expires_after(1ms);
      co_await timer.async_wait(boost::asio::use_awaitable);
      const Result<> written = co_await write_message(name_ + std::to_string(number));
      if (!written) co_return;
    }
  }
  task<> wait_for_the_end() {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor,
                                    boost::asio::steady_timer::time_point::max());
    const auto [ec] = co_await timer.async_wait(as_result);
    journal_->note(ec == boost::asio::error::operation_aborted ? "cancelled" : "woken");
  }
  static task<> fail() {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1ms);
    co_await timer.async_wait(boost::asio::use_awaitable);
    throw std::runtime_error("on purpose");
  }

  SharedJournal journal_;
  std::string name_ = std::string(100, 'n');
};

class LifetimeOfTasks : public testing::Test {
 protected:
  LifetimeOfTasks() { test_options(); }

  SharedJournal journal_ = std::make_shared<Journal>();
};

TEST_F(LifetimeOfTasks, EndsBeforeOnCloseOfHandler) {
  RunningApplication app({route<TickingHandler>("/", journal_)});
  {
    RawWebSocketClient client(app.port(), "/");
    EXPECT_TRUE(client.read_text().starts_with("nnn"));
    client.tcp().reset();
  }
  EXPECT_TRUE(eventually([&] { return journal_->has("too late"); }));
  EXPECT_THAT(journal_->events(), testing::ElementsAre("cancelled", "close 1006", "too late"));
}

TEST_F(LifetimeOfTasks, EndsOnStopForHandlers) {
  RunningApplication app({route<TickingHandler>("/", journal_)});
  RawWebSocketClient client(app.port(), "/");
  EXPECT_TRUE(client.read_text().starts_with("nnn"));
  app->stop();
  EXPECT_THAT(journal_->events(), testing::Contains("cancelled"));
}

TEST_F(LifetimeOfTasks, ClosesConnectionWhenTaskThrows) {
  RunningApplication app({route<TickingHandler>("/", journal_)});
  RawWebSocketClient client(app.port(), "/");
  client.send_text("throw");
  while (client.read().opcode != opcode::close) {
  }
  client.tcp().reset();
  EXPECT_TRUE(eventually([&] { return journal_->has("too late"); }));
  EXPECT_THAT(journal_->events(), testing::Contains("close 1011"));
}

task<> note_until_cancelled(SharedJournal journal, std::string name) {
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor,
                                  boost::asio::steady_timer::time_point::max());
  journal->note(name + " began");
  std::ignore = co_await timer.async_wait(as_result);
  journal->note(name + " ended");
}

task<> throw_at_once() {
  throw std::runtime_error("on purpose");
  co_return;
}

TEST_F(LifetimeOfTasks, EndsOnStopForApplication) {
  std::atomic<int> calls = 0;
  RunningApplication app({route<MemberHandler>("/")});
  app->spawn(note_until_cancelled(journal_, "work"));
  app->spawn(throw_at_once());
  app->every(1ms, [&calls] { return ++calls % 2 == 0 ? throw_at_once() : run_nothing(); });
  EXPECT_TRUE(eventually([&] { return calls > 4 && journal_->has("work began"); }));
  app->stop();
  EXPECT_THAT(journal_->events(), testing::ElementsAre("work began", "work ended"));
  const int before = calls;
  EXPECT_THROW(app->every(1ms, run_nothing), std::logic_error);
  EXPECT_EQ(calls, before);
}

TEST_F(LifetimeOfTasks, BeginsOnStartForApplication) {
  Application app({route<MemberHandler>("/")}, quick_settings());
  app.spawn(note_until_cancelled(journal_, "work"));
  EXPECT_THROW(app.every(0ms, run_nothing), std::invalid_argument);
  EXPECT_THROW(app.every(1ms, nullptr), std::invalid_argument);
  EXPECT_TRUE(app.listen(0));
  EXPECT_FALSE(journal_->has("work began"));
  app.start();
  EXPECT_TRUE(eventually([&] { return journal_->has("work began"); }));
}

}  // namespace
}  // namespace coroom::test
