#include "core/task_group.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

namespace coroom::detail {
namespace {

task<> wait_then_count(AsyncEvent& event, int& count) {
  co_await event.wait();
  ++count;
}

task<> fail() {
  throw std::runtime_error("on purpose");
  co_return;
}

task<> succeed() {
  co_return;
}

/// Fails like an operation that finds no memory, which destroys the awaiting coroutine.
task<> await_failing_operation() {
  const auto begin = [](auto /*handler*/) { throw std::bad_alloc(); };
  co_await boost::asio::async_initiate<decltype(as_result), void(boost::system::error_code)>(begin,
                                                                                             as_result);
}

task<> wait_for(TaskGroup& group, bool& done) {
  co_await group.wait();
  done = true;
}

TEST(TaskGroup, WaitsForTheLastTask) {
  boost::asio::io_context context;
  TaskGroup group(context.get_executor());
  AsyncEvent event;
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

TEST(TaskGroup, KeepsOtherTasksIfOneThrows) {
  boost::asio::io_context context;
  TaskGroup group(context.get_executor());
  AsyncEvent event;
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

TEST(TaskGroup, RestartsLastingWorkThatThrows) {
  boost::asio::io_context context;
  TaskGroup group(context.get_executor());
  int begun = 0;
  bool done = false;
  group.spawn_lasting([&begun] { return ++begun < 3 ? fail() : succeed(); });
  boost::asio::co_spawn(context, wait_for(group, done), boost::asio::detached);
  context.poll();
  EXPECT_EQ(begun, 3);
  EXPECT_TRUE(done);
}

TEST(TaskGroup, RestartsLastingWorkThatIsDestroyed) {
  boost::asio::io_context context;
  TaskGroup group(context.get_executor());
  int begun = 0;
  bool done = false;
  group.spawn_lasting([&begun] { return ++begun < 3 ? await_failing_operation() : succeed(); });
  boost::asio::co_spawn(context, wait_for(group, done), boost::asio::detached);
  for (int failures = 0; failures != 2; ++failures) EXPECT_THROW(context.poll(), std::bad_alloc);
  context.poll();
  EXPECT_EQ(begun, 3);
  EXPECT_TRUE(done);
}

TEST(TaskGroup, StopsLastingWorkWhenDestroyed) {
  int begun = 0;
  boost::asio::io_context context;
  {
    TaskGroup group(context.get_executor());
    group.spawn_lasting([&begun] {
      ++begun;
      return await_failing_operation();
    });
    EXPECT_THROW(context.poll_one(), std::bad_alloc);
  }
  context.poll();
  EXPECT_EQ(begun, 1);
}

}  // namespace
}  // namespace coroom::detail
