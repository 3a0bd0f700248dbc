#pragma once

#include "core/insist.hpp"

#include <coroom/error.hpp>
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

/// Returns a copy. That of tl::expected itself ends the process if it throws.
template <class T>
Result<T> copy_of(const Result<T>& result) {
  if (result) return T(*result);
  return tl::unexpected(result.error());
}

/// Calls `tell` on `executor`, from wherever the result is called: at once where that is there already. The
/// result never throws: whoever waits for the call waits for it where memory is short, too.
template <class T>
std::function<void(const Result<T>&)> told_on(const boost::asio::any_io_executor& executor,
                                              std::function<void(Result<T>)> tell) {
  if (!tell) return nullptr;
  return [executor,
          tell = std::make_shared<std::function<void(Result<T>)>>(std::move(tell))](const Result<T>& result) {
    insist("an answer", [&] {
      boost::asio::dispatch(executor, [tell, told = copy_of(result)]() mutable { (*tell)(std::move(told)); });
    });
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
      last->channel->try_send(boost::system::error_code(), std::move(value));
      last->is_told = true;  // unless that threw
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
      if (!is_told) insist("an answer", [this] { channel->close(); });
    }

    std::shared_ptr<Channel> channel;
    std::atomic<bool> is_told{false};
  };

  std::shared_ptr<Channel> channel_;
};

}  // namespace coroom
