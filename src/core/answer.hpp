#pragma once

#include <coroom/task.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/system/system_error.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

namespace coroom {

/// Calls `tell` on `executor`, from wherever the result is called: at once where that is there already.
template <class T>
std::function<void(T)> told_on(const boost::asio::any_io_executor& executor, std::function<void(T)> tell) {
  if (!tell) return nullptr;
  return [executor, tell = std::move(tell)](T value) {
    boost::asio::dispatch(executor, [tell, value = std::move(value)]() mutable { tell(std::move(value)); });
  };
}

/// What another shard will tell a coroutine, once. The coroutine may run on any executor whose context
/// outlives whoever tells.
template <class T>
class Answer {
 public:
  /// For a coroutine on this executor.
  explicit Answer(const boost::asio::any_io_executor& executor)
      : channel_(std::make_shared<Channel>(executor, 1)) {}

  /// Tells it; may be called from any thread, and after the one who asked has gone. If all copies go without
  /// a call, the one who waits is cancelled.
  std::function<void(T)> teller() {
    return [last = std::make_shared<Last>(channel_)](T value) {
      last->is_told = true;
      last->channel->try_send(boost::system::error_code(), std::move(value));
    };
  }

  task<T> wait() {
    const auto channel = channel_;
    auto [ec, value] = co_await channel->async_receive(as_result);
    // Cancelled; the channel has a word of its own for it.
    if (ec) throw boost::system::system_error(boost::asio::error::operation_aborted);
    co_return std::move(value);
  }

 private:
  using Channel = boost::asio::experimental::concurrent_channel<void(boost::system::error_code, T)>;

  struct Last {
    explicit Last(std::shared_ptr<Channel> to) : channel(std::move(to)) {}
    Last(const Last&) = delete;
    Last& operator=(const Last&) = delete;
    ~Last() {
      try {
        if (!is_told) channel->close();
      } catch (...) {  // NOLINT(bugprone-empty-catch): for want of memory
      }
    }

    std::shared_ptr<Channel> channel;
    std::atomic<bool> is_told{false};
  };

  std::shared_ptr<Channel> channel_;
};

}  // namespace coroom
