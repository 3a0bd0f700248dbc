#include "core/call_runner.hpp"

#include "core/routine.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace coroom::detail {
namespace {

using testing::ElementsAre;

/// Awaits a call in a routine.
class Awaited {
 public:
  explicit Awaited(RoutineCall& call) : call_(call) {}
  [[nodiscard]] bool await_ready() const { return false; }
  bool await_suspend(std::coroutine_handle<> caller) { return call_.start(caller); }
  void await_resume() const {}

 private:
  RoutineCall& call_;
};

class CallRunnerTest : public testing::Test {
 protected:
  /// Runs the calls one after the other, each made by its function.
  Routine run_all(std::vector<std::function<task<>()>> calls) {
    for (const auto& make : calls) {
      call_.emplace(runners_, make());
      co_await Awaited(*call_);
      events_.push_back(call_->thrown() ? "threw" : "ended");
    }
    events_.emplace_back("all");
  }

  void start(std::vector<std::function<task<>()>> calls) { run_all(std::move(calls)).handle().resume(); }

  task<> note(std::string event) {
    events_.push_back(std::move(event));
    co_return;
  }
  task<> wait() {
    const auto [ec] = co_await timer_.async_wait(as_result);
    events_.push_back(ec ? "cancelled" : "waited");
  }
  task<> wait_twice() {
    co_await wait();
    co_await wait();
  }
  task<> fail() {
    throw std::runtime_error("on purpose");
    co_return;
  }

  boost::asio::io_context context_;
  CallRunners runners_{context_.get_executor()};
  std::optional<RoutineCall> call_;
  std::vector<std::string> events_;
  boost::asio::steady_timer timer_{context_, std::chrono::steady_clock::time_point::min()};
};

TEST_F(CallRunnerTest, RunsCallsThatDoNotWaitAtOnce) {
  boost::asio::post(context_, [this] {
    start({[this] { return note("a"); }, [this] { return note("b"); }, [] { return task<>(); }});
    EXPECT_THAT(events_, ElementsAre("a", "ended", "b", "ended", "ended", "all"));
  });
  context_.poll();
  EXPECT_EQ(events_.size(), 6);
}

TEST_F(CallRunnerTest, ResumesTheRoutineAfterAWait) {
  boost::asio::post(context_, [this] {
    start({[this] { return wait(); }, [this] { return note("b"); }, [this] { return wait_twice(); }});
    EXPECT_TRUE(events_.empty());
  });
  context_.poll();
  EXPECT_THAT(events_, ElementsAre("waited", "ended", "b", "ended", "waited", "waited", "ended", "all"));
}

TEST_F(CallRunnerTest, ReportsExceptions) {
  boost::asio::post(context_, [this] { start({[this] { return fail(); }, [this] { return note("b"); }}); });
  context_.poll();
  EXPECT_THAT(events_, ElementsAre("threw", "b", "ended", "all"));
}

TEST_F(CallRunnerTest, CancelsOneCallAndNotTheNext) {
  timer_.expires_after(std::chrono::hours(1));
  boost::asio::post(context_, [this] {
    start({[this] { return wait_twice(); }, [this] { return wait(); }, [this] { return note("c"); }});
    call_->cancel();
  });
  context_.poll();
  EXPECT_THAT(events_, ElementsAre("cancelled", "threw"));
  EXPECT_FALSE(call_->cancelled()) << "the next call waits";
  timer_.cancel();
  context_.poll();
  EXPECT_THAT(events_, ElementsAre("cancelled", "threw", "cancelled", "ended", "c", "ended", "all"));
}

TEST_F(CallRunnerTest, KeepsNoWorkOnceIdleRunnersAreReleased) {
  boost::asio::post(context_, [this] {
    start({[this] { return note("a"); }});
    runners_.release_idle();
  });
  context_.run();  // ends
  EXPECT_THAT(events_, ElementsAre("a", "ended", "all"));
}

TEST_F(CallRunnerTest, RunsManyCallsAtATime) {
  std::vector<std::unique_ptr<boost::asio::steady_timer>> timers;
  std::vector<std::unique_ptr<RoutineCall>> calls;
  int ended = 0;
  const auto wait_for = [](boost::asio::steady_timer& timer) -> task<> {
    co_await timer.async_wait(as_result);
  };
  const auto await = [](RoutineCall& call, int& count) -> Routine {
    co_await Awaited(call);
    ++count;
  };
  boost::asio::post(context_, [&] {
    for (int index = 0; index != 200; ++index) {
      timers.push_back(std::make_unique<boost::asio::steady_timer>(context_, std::chrono::hours(1)));
      calls.push_back(std::make_unique<RoutineCall>(runners_, wait_for(*timers.back())));
      await(*calls.back(), ended).handle().resume();
    }
  });
  context_.poll();
  EXPECT_EQ(ended, 0);
  for (const auto& timer : timers) timer->cancel();
  context_.poll();
  EXPECT_EQ(ended, 200);
}

}  // namespace
}  // namespace coroom::detail
