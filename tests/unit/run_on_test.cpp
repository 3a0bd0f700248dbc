#include <coroom/run_on.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace coroom {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;
using ThreadId = std::thread::id;

/// A result type without copy and default constructors.
class Row {
 public:
  explicit Row(std::string text) : text_(std::make_unique<std::string>(std::move(text))) {}
  [[nodiscard]] const std::string& text() const { return *text_; }

 private:
  std::unique_ptr<std::string> text_;
};

task<Row> look_up(std::shared_ptr<ThreadId> ran_on) {
  *ran_on = std::this_thread::get_id();
  co_return Row("tea");
}

task<> fail() {
  throw std::runtime_error("no such table");
  co_return;
}

task<> block(std::shared_future<void> until, std::shared_ptr<std::promise<void>> ended) {
  until.wait();
  ended->set_value();
  co_return;
}

/// The threads that ran the work and its caller, and the result.
struct Visit {
  ThreadId there, back;
  std::string text;
};

task<Visit> visit(asio::any_io_executor executor) {
  const auto there = std::make_shared<ThreadId>();
  const Row row = co_await run_on(std::move(executor), look_up(there));
  co_return Visit{*there, std::this_thread::get_id(), row.text()};
}

TEST(RunOn, RunsThereAndReturnsHere) {
  asio::io_context context(1);
  asio::thread_pool pool(1);
  auto visited = asio::co_spawn(context, visit(pool.get_executor()), asio::use_future);
  context.run();
  const Visit result = visited.get();
  EXPECT_NE(result.there, std::this_thread::get_id());
  EXPECT_EQ(result.back, std::this_thread::get_id());
  EXPECT_EQ(result.text, "tea");
}

TEST(RunOn, RethrowsExceptions) {
  asio::io_context context(1);
  asio::thread_pool pool(1);
  auto failed = asio::co_spawn(context, run_on(pool.get_executor(), fail()), asio::use_future);
  context.run();
  try {
    failed.get();
    FAIL() << "it did not throw";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "no such table");
  }
}

TEST(RunOn, EndsAtOnceWhenTheCallerIsCancelled) {
  asio::io_context context(1);
  asio::thread_pool pool(1);
  std::promise<void> end_work;
  const auto work_ended = std::make_shared<std::promise<void>>();
  asio::cancellation_signal cancel;
  auto cancelled =
      asio::co_spawn(context, run_on(pool.get_executor(), block(end_work.get_future().share(), work_ended)),
                     asio::bind_cancellation_slot(cancel.slot(), asio::use_future));
  asio::post(context, [&] { cancel.emit(asio::cancellation_type::terminal); });
  context.run();  // although the work continues
  EXPECT_THROW(cancelled.get(), boost::system::system_error);
  end_work.set_value();
  EXPECT_EQ(work_ended->get_future().wait_for(10s), std::future_status::ready);
}

TEST(RunOn, EndsWhenTheOtherContextIsDestroyed) {
  asio::io_context context(1);
  auto other = std::make_unique<asio::io_context>(1);
  auto lost = asio::co_spawn(context, run_on(other->get_executor(), fail()), asio::use_future);
  asio::post(context, [&] { other.reset(); });
  context.run();
  EXPECT_THROW(lost.get(), boost::system::system_error);
}

}  // namespace
}  // namespace coroom
