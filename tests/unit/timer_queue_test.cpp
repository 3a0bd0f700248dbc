#include "net/timer_queue.hpp"

#include <coroom/testing.hpp>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace coroom::detail::net {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CallingTimer final : public Timer {
 public:
  explicit CallingTimer(std::function<void()> call) : call_(std::move(call)) {}
  void on_time() override { call_(); }

 private:
  std::function<void()> call_;
};

class TimerQueueTest : public ::testing::Test {
 protected:
  std::function<void()> note(std::string name) {
    return [this, name = std::move(name)] { calls_.push_back(name); };
  }

  /// Moves the clock, and runs what is due then.
  void pass(std::chrono::milliseconds time) {
    clock_.advance(time);
    context_.restart();
    context_.poll();
  }

  testing::ManualClock clock_;
  boost::asio::io_context context_;
  TimerQueue timers_{context_.get_executor(), clock_};
  std::vector<std::string> calls_;
};

TEST_F(TimerQueueTest, CallsTimersInTheOrderOfTheirTimes) {
  CallingTimer late(note("late"));
  CallingTimer early(note("early"));
  timers_.set(late, timers_.now() + 2s);
  timers_.set(early, timers_.now() + 1s);
  pass(999ms);
  EXPECT_THAT(calls_, IsEmpty());
  pass(1ms);
  EXPECT_THAT(calls_, ElementsAre("early"));
  pass(10s);
  EXPECT_THAT(calls_, ElementsAre("early", "late"));
  EXPECT_FALSE(late.is_set());
}

TEST_F(TimerQueueTest, MovesATimer) {
  CallingTimer timer(note("called"));
  timers_.set(timer, timers_.now() + 1s);
  timers_.set(timer, timers_.now() + 3s);
  pass(2s);
  EXPECT_THAT(calls_, IsEmpty());
  timers_.set(timer, timers_.now() + 500ms);
  pass(500ms);
  EXPECT_THAT(calls_, ElementsAre("called"));
}

TEST_F(TimerQueueTest, DoesNotCallACancelledTimer) {
  CallingTimer one(note("one"));
  CallingTimer two(note("two"));
  timers_.set(one, timers_.now() + 1s);
  timers_.set(two, timers_.now() + 1s);
  timers_.cancel(one);
  pass(1s);
  EXPECT_THAT(calls_, ElementsAre("two"));
}

TEST_F(TimerQueueTest, LetsATimerSetAndCancelOthers) {
  CallingTimer cancelled(note("cancelled"));
  CallingTimer again(note("again"));
  CallingTimer first([&] {
    timers_.cancel(cancelled);
    timers_.set(again, timers_.now() + 1s);
  });
  timers_.set(first, timers_.now() + 1s);
  timers_.set(cancelled, timers_.now() + 1s);
  pass(1s);
  EXPECT_THAT(calls_, IsEmpty());
  pass(1s);
  EXPECT_THAT(calls_, ElementsAre("again"));
}

TEST_F(TimerQueueTest, LetsATimerBeDueAtOnceAgain) {
  int calls = 0;
  CallingTimer* again = nullptr;
  CallingTimer timer([&] {
    if (++calls != 3) timers_.set(*again, timers_.now());
  });
  again = &timer;
  timers_.set(timer, timers_.now());
  pass(1ms);
  EXPECT_EQ(calls, 1) << "other work comes between";
  pass(1ms);
  pass(1ms);
  EXPECT_EQ(calls, 3);
}

TEST_F(TimerQueueTest, KeepsNoWorkWithoutATimer) {
  const SystemClock clock;
  TimerQueue timers(context_.get_executor(), clock);
  CallingTimer timer(note("never"));
  timers.set(timer, timers.now() + 1h);
  timers.cancel(timer);
  context_.run();  // ends
  EXPECT_THAT(calls_, IsEmpty());
}

}  // namespace
}  // namespace coroom::detail::net
