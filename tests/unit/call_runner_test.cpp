#include "core/call_runner.hpp"

#include "core/routine.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace coroom::detail {
namespace {

using testing::ElementsAre;

/// Calls, each made by its function.
class Calls final : public RoutineCalls {
 public:
  Calls(CallRunners& runners, std::vector<std::function<task<>()>> calls)
      : RoutineCalls(runners), calls_(std::move(calls)) {}

 private:
  task<> next() override { return made_ == calls_.size() ? task<>() : calls_[made_++](); }

  std::vector<std::function<task<>()>> calls_;
  std::size_t made_ = 0;
};

/// Awaits calls in a routine.
class Awaited {
 public:
  explicit Awaited(RoutineCalls& calls) : calls_(calls) {}
  [[nodiscard]] bool await_ready() const { return false; }
  bool await_suspend(std::coroutine_handle<> caller) { return calls_.start(caller); }
  void await_resume() const {}

 private:
  RoutineCalls& calls_;
};

class CallRunnerTest : public testing::Test {
 protected:
  /// Runs the calls one after the other, and is resumed between them.
  Routine run_all(std::vector<std::function<task<>()>> calls) {
    for (const auto& make : calls) {
      call_.emplace(runners_, std::vector{make});
      co_await Awaited(*call_);
      events_.push_back(call_->thrown() ? "threw" : "ended");
    }
    events_.emplace_back("all");
  }

  void start(std::vector<std::function<task<>()>> calls) { run_all(std::move(calls)).handle().resume(); }

  /// Runs the calls without being resumed between them.
  void run_together(std::vector<std::function<task<>()>> calls) {
    const auto run = [](CallRunnerTest& test) -> Routine {
      co_await Awaited(*test.call_);
      test.events_.emplace_back(test.call_->thrown() ? "threw" : "ended");
    };
    call_.emplace(runners_, std::move(calls));
    run(*this).handle().resume();
  }

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
  std::optional<Calls> call_;
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

TEST_F(CallRunnerTest, MakesCallsUntilOneWaits) {
  boost::asio::post(context_, [this] {
    run_together({[this] { return note("a"); }, [this] { return note("b"); }, [this] { return wait(); },
                  [this] { return note("c"); }});
    EXPECT_THAT(events_, ElementsAre("a", "b"));
  });
  context_.poll();
  EXPECT_THAT(events_, ElementsAre("a", "b", "waited", "ended"));
  EXPECT_TRUE(call_->have_waited());
}

TEST_F(CallRunnerTest, MakesNoCallAfterOneThatThrew) {
  boost::asio::post(context_, [this] {
    run_together({[this] { return note("a"); }, [this] { return fail(); }, [this] { return note("c"); }});
  });
  context_.poll();
  EXPECT_THAT(events_, ElementsAre("a", "threw"));
  EXPECT_FALSE(call_->have_waited());
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

TEST_F(CallRunnerTest, PassesNoStateOfACallToTheNext) {
  timer_.expires_after(std::chrono::hours(1));
  const auto change = []() -> task<> {
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
  };
  boost::asio::post(context_, [&] {
    start({change, [this] { return wait_twice(); }});
    call_->cancel();
  });
  context_.poll();
  EXPECT_THAT(events_, ElementsAre("ended", "cancelled", "threw", "all"));
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
  std::vector<std::unique_ptr<Calls>> calls;
  int ended = 0;
  const auto wait_for = [](boost::asio::steady_timer& timer) -> task<> {
    co_await timer.async_wait(as_result);
  };
  const auto await = [](RoutineCalls& call, int& count) -> Routine {
    co_await Awaited(call);
    ++count;
  };
  boost::asio::post(context_, [&] {
    for (int index = 0; index != 200; ++index) {
      timers.push_back(std::make_unique<boost::asio::steady_timer>(context_, std::chrono::hours(1)));
      const auto make = [&wait_for, &timer = *timers.back()] { return wait_for(timer); };
      calls.push_back(std::make_unique<Calls>(runners_, std::vector<std::function<task<>()>>{make}));
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
