#include "core/task_group.hpp"

#include <coroom/log.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <utility>

namespace coroom {
namespace {

void report(const std::exception_ptr& failure) {
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    log::error("a task ended by an exception", {{"what", error.what()}});
  } catch (...) {
    log::error("a task ended by an exception", {{"what", "unknown"}});
  }
}

}  // namespace

TaskGroup::TaskGroup(const boost::asio::any_io_executor& executor) : executor_(executor) {}

TaskGroup::~TaskGroup() = default;

void TaskGroup::spawn(task<> work) {
  spawn(std::move(work), {}, nullptr);
}

void TaskGroup::spawn(task<> work, boost::asio::cancellation_slot slot, std::shared_ptr<void> owner) {
  ++running_;
  auto ended = [this, owner = std::move(owner)](const std::exception_ptr& failure) {
    report(failure);
    if (--running_ == 0) ended_.notify();
  };
  try {
    boost::asio::co_spawn(executor_, std::move(work),
                          boost::asio::bind_cancellation_slot(slot, std::move(ended)));
  } catch (...) {  // nothing was begun
    --running_;
    throw;
  }
}

task<> TaskGroup::wait() {
  while (running_ != 0) co_await ended_.wait();
}

}  // namespace coroom
