#include "core/task_group.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <stdexcept>

namespace coroom {
namespace {

task<> wait_then_count(Event& event, int& count) {
  co_await event.wait();
  ++count;
}

task<> fail() {
  throw std::runtime_error("on purpose");
  co_return;
}

task<> wait_for(TaskGroup& group, bool& done) {
  co_await group.wait();
  done = true;
}

TEST(TaskGroup, WaitEndsWhenTheLastTaskHasEnded) {
  boost::asio::io_context context;
  TaskGroup group(context.get_executor());
  Event event;
  int count = 0;
  bool done = false;
  group.spawn(wait_then_count(event, count));
  group.spawn(wait_then_count(event, count));
  boost::asio::co_spawn(context, wait_for(group, done), boost::asio::detached);
  context.poll();
  EXPECT_EQ(group.size(), 2);
  EXPECT_FALSE(done);
  event.notify();
  context.poll();
  EXPECT_EQ(count, 2);
  EXPECT_TRUE(done);
}

TEST(TaskGroup, ATaskThatThrowsEndsItselfAlone) {
  boost::asio::io_context context;
  TaskGroup group(context.get_executor());
  Event event;
  int count = 0;
  group.spawn(wait_then_count(event, count));
  group.spawn(fail());
  context.poll();
  EXPECT_EQ(group.size(), 1);
  event.notify();
  context.poll();
  EXPECT_EQ(count, 1);
  EXPECT_EQ(group.size(), 0);
}

}  // namespace
}  // namespace coroom
