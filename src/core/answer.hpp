#pragma once

#include "core/thrown.hpp"

#include <coroom/task.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/system/system_error.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

namespace coroom {

/// Calls `tell` on `executor`, from wherever the result is called: at once where that is there already. What
/// it throws is logged.
template <class T>
std::function<void(T)> told_on(const boost::asio::any_io_executor& executor, std::function<void(T)> tell) {
  if (!tell) return nullptr;
  return [executor, tell = std::move(tell)](T value) {
    boost::asio::dispatch(executor, [tell, value = std::move(value)]() mutable {
      log_what_is_thrown("a completion of the program threw", [&] { tell(std::move(value)); });
    });
  };
}

/// What another thread will tell a coroutine, once. The coroutine may run on any executor, and may be gone,
/// and its executor too, when it is told.
template <class T>
class Answer {
 public:
  /// For a coroutine on this executor, which has the answer as a local or a parameter.
  explicit Answer(const boost::asio::any_io_executor& executor)
      : channel_(std::make_unique<Channel>(executor, 1)), way_(std::make_shared<Way>(channel_.get())) {}

  Answer(Answer&&) noexcept = default;
  Answer& operator=(Answer&&) = delete;
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  /// From here on nothing is told. The channel goes with the coroutine, which its executor destroys at the
  /// latest.
  ~Answer() {
    if (!way_) return;
    const std::lock_guard<std::mutex> lock(way_->mutex);
    way_->channel = nullptr;
  }

  /// Tells it; may be called from any thread, and after the one who asked has gone. If all copies go without
  /// a call, the answer is lost.
  std::function<void(T)> teller() {
    return [last = std::make_shared<Last>(way_)](T value) {
      last->is_told = true;
      const std::lock_guard<std::mutex> lock(last->way->mutex);
      if (last->way->channel != nullptr)
        last->way->channel->try_send(boost::system::error_code(), std::move(value));
    };
  }

  /// Throws operation_aborted if the coroutine is cancelled, or the answer lost.
  task<T> wait() {
    auto [ec, value] = co_await channel_->async_receive(as_result);
    // Cancelled; the channel has a word of its own for it.
    if (ec) throw boost::system::system_error(boost::asio::error::operation_aborted);
    co_return std::move(value);
  }

  /// The answer, or `fallback` if it is lost.
  task<T> wait_or(T fallback) {
    auto [ec, value] = co_await channel_->async_receive(as_result);
    if (ec == boost::asio::experimental::error::channel_closed) co_return std::move(fallback);
    if (ec) throw boost::system::system_error(boost::asio::error::operation_aborted);
    co_return std::move(value);
  }

 private:
  using Channel = boost::asio::experimental::concurrent_channel<void(boost::system::error_code, T)>;

  /// To the channel, as long as there is one.
  struct Way {
    explicit Way(Channel* to) : channel(to) {}

    std::mutex mutex;
    Channel* channel;
  };

  struct Last {
    explicit Last(std::shared_ptr<Way> to) : way(std::move(to)) {}
    Last(const Last&) = delete;
    Last& operator=(const Last&) = delete;
    ~Last() {
      try {
        const std::lock_guard<std::mutex> lock(way->mutex);
        if (!is_told && way->channel != nullptr) way->channel->close();
      } catch (...) {  // NOLINT(bugprone-empty-catch): for want of memory
      }
    }

    std::shared_ptr<Way> way;
    std::atomic<bool> is_told{false};
  };

  std::unique_ptr<Channel> channel_;
  std::shared_ptr<Way> way_;
};

}  // namespace coroom
