// Start and stop of an application, and its rooms as used by code that is no member.

#include "support/running_application.hpp"
#include "support/websocket_client.hpp"
#include "testkit/codes.hpp"

#include <coroom/application.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <future>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace coroom::test {
namespace {
using namespace std::chrono_literals;
using namespace testkit;

/// Joins the room "tea". The message "stop" stops the application.
class MemberHandler : public WebSocketHandler {
 public:
  task<> open() override {
    membership_ = (co_await application().room("tea").join(*this)).value();
    co_await write_message("joined");
  }
  task<> on_message(Message message) override {
    if (message.data == "stop") application().request_stop();
    co_return;
  }

 private:
  Membership membership_;
};

/// Threads that share one executor. They outlive every application, which may still post to them.
boost::asio::thread_pool& threads() {
  static boost::asio::thread_pool all(4);
  return all;
}

/// Runs a task on these threads and returns its result.
template <class T>
T outcome(task<T> call) {
  return boost::asio::co_spawn(threads(), std::move(call), boost::asio::use_future).get();
}

std::string error_of(const auto& result) {
  return result ? "none" : result.error().message;
}

/// Returns the error that a cancelled call throws, or none if the call ends.
task<boost::system::error_code> thrown_by(task<Result<History>> call) {
  try {
    co_await std::move(call);
  } catch (const boost::system::system_error& error) {
    co_return error.code();
  }
  co_return boost::system::error_code();
}

Publication said(std::string text) {
  return Publication::of(std::move(text));
}

/// A broker that throws from every call, before it gives a task.
class ThrowingBroker final : public Broker {
 public:
  task<Result<Position>> publish(std::string /*room*/, SharedPublications /*publications*/,
                                 RoomOptions /*options*/) override {
    throw std::runtime_error("no disk");
  }
  task<Result<History>> history(std::string /*room*/, HistoryFilter /*filter*/,
                                RoomOptions /*options*/) override {
    throw std::runtime_error("no disk");
  }
  task<Result<>> remove_history(std::string /*room*/) override { throw std::runtime_error("no disk"); }
};

/// A broker whose history() blocks its shard until `go_on` is set.
class HeldUpBroker final : public Broker {
 public:
  task<Result<Position>> publish(std::string /*room*/, SharedPublications /*publications*/,
                                 RoomOptions /*options*/) override {
    co_return Position();
  }
  task<Result<History>> history(std::string /*room*/, HistoryFilter /*filter*/,
                                RoomOptions /*options*/) override {
    asked.set_value();
    go_on.get_future().wait();
    co_return History();
  }
  task<Result<>> remove_history(std::string /*room*/) override { co_return Result<>(); }

  std::promise<void> asked;
  std::promise<void> go_on;
};

TEST(Application, StartsOnceAndOnlyWithPort) {
  Application application({}, quick_settings());
  EXPECT_THROW(application.start(), std::logic_error) << "it has no port";
  application.stop();  // does nothing
  ASSERT_TRUE(application.listen(0));
  EXPECT_FALSE(application.listen(0)) << "it has one";
  application.start();
  EXPECT_THROW(application.start(), std::logic_error) << "it runs";
  application.stop();
  EXPECT_THROW(application.start(), std::logic_error) << "it has stopped";
}

TEST(Application, ListensAfterFailedAttempt) {
  RunningApplication other({});
  Application application({}, quick_settings());
  ASSERT_FALSE(application.listen(other.port()));
  ASSERT_TRUE(application.listen(0));
  application.start();
}

TEST(Application, StopsOnRequestOfHandler) {
  Application application({route<MemberHandler>("/")}, quick_settings());
  ASSERT_TRUE(application.listen(0));
  std::promise<void> serving;
  std::jthread running([&] { application.run([&] { serving.set_value(); }); });
  serving.get_future().wait();
  RawWebSocketClient client(application.endpoint().port(), "/");
  EXPECT_EQ(client.read_text(), "joined");
  client.send_text("stop");
  EXPECT_EQ(client.read_close().close_code(), centrifuge_close::shutdown);
  running.join();
  EXPECT_EQ(std::signal(SIGTERM, SIG_DFL), SIG_DFL) << "the handlers of signals are restored";
}

TEST(Application, ReturnsAtOnceIfStopWasRequested) {
  Application application({}, quick_settings());
  ASSERT_TRUE(application.listen(0));
  application.request_stop();
  application.run();
}

TEST(Application, RejectsUnusableSettings) {
  const auto error_with = [](const std::function<void(Settings&)>& change) {
    Settings settings = quick_settings();
    change(settings);
    const auto listening = Application({}, settings).listen(0);
    return listening ? std::string() : listening.error().message;
  };
  EXPECT_EQ(error_with([](Settings& settings) { settings.limits.max_message_size = 0; }),
            "max_message_size must be greater than 0");
  EXPECT_EQ(error_with([](Settings& settings) { settings.timeouts.message_timeout = 0ms; }),
            "message_timeout is 0 ms; it must be from 1 ms to a year");
  EXPECT_NE(error_with([](Settings& settings) {
              settings.timeouts.ping_interval = std::chrono::milliseconds::max();
            }),
            "");
  EXPECT_EQ(error_with([](Settings& settings) { settings.timeouts.ping_interval = 0ms; }), "");
}

TEST(Application, PublishesFromAnyExecutor) {
  RunningApplication application({route<MemberHandler>("/")});
  RawWebSocketClient member(application.port(), "/");
  EXPECT_EQ(member.read_text(), "joined");
  for (int round = 0; round != 50; ++round) {
    ASSERT_TRUE(outcome(application->room("tea").publish(said(std::to_string(round)))));
    EXPECT_EQ(member.read_text(), std::to_string(round));
  }
  EXPECT_TRUE(outcome(application->room("tea").history())->publications.empty());
}

TEST(Application, RejectsInvalidUtf8) {
  RunningApplication application({route<MemberHandler>("/")});
  RawWebSocketClient member(application.port(), "/");
  EXPECT_EQ(member.read_text(), "joined");
  Room room = application->room("tea");
  EXPECT_FALSE(outcome(room.publish(Message(Message::Kind::text, "\xff"))));
  EXPECT_FALSE(outcome(room.publish(said("\xff"))));
  EXPECT_FALSE(outcome(room.publish(Publication(Publication::Kind::json, nullptr, "\"\xff\""))));
  EXPECT_TRUE(outcome(room.publish(Message(Message::Kind::text, "fine"))));
  EXPECT_EQ(member.read_text(), "fine") << "the first thing it hears";
}

TEST(Application, PostsWithoutWaiting) {
  RunningApplication application({route<MemberHandler>("/")});
  RawWebSocketClient member(application.port(), "/");
  EXPECT_EQ(member.read_text(), "joined");
  const Room room = application->room("tea");
  for (int number = 0; number != 100; ++number) EXPECT_TRUE(room.post(std::to_string(number)));
  for (int number = 0; number != 100; ++number) EXPECT_EQ(member.read_text(), std::to_string(number));
  EXPECT_EQ(room.post("\xff").error().code, Errc::invalid_text);
  EXPECT_EQ(room.post(Message(Message::Kind::json, "{")).error().code, Errc::invalid_json);
  EXPECT_TRUE(application->room("empty").post("to nobody"));
}

TEST(Application, CancelsHistoryCall) {
  namespace asio = boost::asio;
  asio::thread_pool caller(1);
  const auto broker = std::make_shared<HeldUpBroker>();
  Settings settings = quick_settings();
  settings.broker = broker;
  RunningApplication application({}, settings);
  asio::cancellation_signal given_up;
  auto thrown = asio::co_spawn(caller, thrown_by(application->room("tea").history()),
                               asio::bind_cancellation_slot(given_up.slot(), asio::use_future));
  broker->asked.get_future().wait();
  asio::post(caller, [&] { given_up.emit(asio::cancellation_type::terminal); });
  EXPECT_EQ(thrown.get(), asio::error::operation_aborted);
  broker->go_on.set_value();
}

TEST(Application, ReportsErrorOfThrowingBroker) {
  Settings settings = quick_settings();
  settings.broker = std::make_shared<ThrowingBroker>();
  settings.room_options = [](std::string_view) { return RoomOptions{.history_size = 10, .history_ttl = 1h}; };
  RunningApplication application({route<MemberHandler>("/")}, settings);
  RawWebSocketClient member(application.port(), "/");
  EXPECT_EQ(member.read_text(), "joined");
  Room room = application->room("tea");
  for (int round = 0; round != 2; ++round) {
    EXPECT_EQ(error_of(outcome(room.publish(said("lost")))), "no disk");
    EXPECT_EQ(error_of(outcome(room.history())), "no disk");
    EXPECT_EQ(error_of(outcome(room.remove_history())), "no disk");
  }
}

TEST(Application, ReportsErrorAfterStop) {
  Settings settings = quick_settings();
  settings.room_options = [](std::string_view) { return RoomOptions{.history_size = 10, .history_ttl = 1h}; };
  RunningApplication application({}, settings);
  ASSERT_TRUE(outcome(application->room("tea").publish(said("kept"))));
  application->stop();
  Room room = application->room("tea");
  EXPECT_EQ(error_of(outcome(room.publish(said("late")))), "the application has stopped");
  EXPECT_EQ(error_of(outcome(room.history())), "the application has stopped");
  EXPECT_EQ(error_of(outcome(room.remove_history())), "the application has stopped");
  EXPECT_TRUE(outcome(room.presence())->members.empty());
}

}  // namespace
}  // namespace coroom::test
