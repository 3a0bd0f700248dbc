#include "core/owned_tasks.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace coroom::detail {
namespace {

using Notes = std::shared_ptr<std::vector<std::string>>;

/// Records its destruction.
class AtEnd {
 public:
  AtEnd(Notes notes, std::string name) : notes_(std::move(notes)), name_(std::move(name)) {}
  AtEnd(const AtEnd&) = delete;
  AtEnd& operator=(const AtEnd&) = delete;
  ~AtEnd() { notes_->push_back(name_); }

 private:
  Notes notes_;
  std::string name_;
};

task<> wait_for_ever(Notes notes) {
  const AtEnd end(notes, "ended");
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor,
                                  boost::asio::steady_timer::time_point::max());
  notes->push_back("began");
  co_await timer.async_wait(boost::asio::use_awaitable);
}

task<> fail() {
  throw std::runtime_error("on purpose");
  co_return;
}

task<> wait_for(OwnedTasks& tasks, Notes notes) {
  co_await tasks.wait();
  notes->push_back("all ended");
}

class OwnedTasksTest : public testing::Test {
 protected:
  void run() {
    context_.run();
    context_.restart();
  }

  boost::asio::io_context context_{1};
  Notes notes_ = std::make_shared<std::vector<std::string>>();
  OwnedTasks tasks_{context_.get_executor(),
                    [this](const std::exception_ptr&) { notes_->push_back("thrown"); }};
};

TEST_F(OwnedTasksTest, CancelsTasksAndWaitsForThem) {
  EXPECT_TRUE(tasks_.spawn(wait_for_ever(notes_)));
  EXPECT_TRUE(tasks_.spawn(wait_for_ever(notes_)));
  context_.poll();
  boost::asio::co_spawn(context_, wait_for(tasks_, notes_), boost::asio::detached);
  context_.poll();
  EXPECT_THAT(*notes_, testing::ElementsAre("began", "began"));
  tasks_.cancel();
  run();
  EXPECT_THAT(*notes_, testing::ElementsAre("began", "began", "ended", "ended", "all ended"));
}

TEST_F(OwnedTasksTest, StartsNoTaskAfterCancellation) {
  EXPECT_TRUE(tasks_.spawn(wait_for_ever(notes_)));  // has not begun yet
  tasks_.cancel();
  EXPECT_FALSE(tasks_.spawn(wait_for_ever(notes_)));
  run();
  EXPECT_THAT(*notes_, testing::IsEmpty());
  EXPECT_EQ(tasks_.size(), 0);
}

TEST_F(OwnedTasksTest, ReportsExceptionsOfTasks) {
  EXPECT_TRUE(tasks_.spawn(fail()));
  EXPECT_TRUE(tasks_.spawn(fail()));
  run();
  EXPECT_THAT(*notes_, testing::ElementsAre("thrown", "thrown"));
}

}  // namespace
}  // namespace coroom::detail
