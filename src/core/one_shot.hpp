#pragma once

#include "core/insist.hpp"
#include "core/one_shot_signal.hpp"
#include "core/thrown.hpp"

#include <coroom/error.hpp>
#include <coroom/task.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace coroom::detail {

/// Returns a copy. That of tl::expected itself ends the process if it throws.
template <class T>
Result<T> copy_of(const Result<T>& result) {
  if (result) return T(*result);
  return tl::unexpected(result.error());
}

/// Calls `tell` on `executor`, from wherever the result is called: at once where that is there already. The
/// result never throws: whoever waits for the call waits for it where memory is short, too.
template <class T>
std::function<void(const Result<T>&)> complete_on(const boost::asio::any_io_executor& executor,
                                                  std::function<void(Result<T>)> complete) {
  if (!complete) return nullptr;
  return [executor, complete = std::make_shared<std::function<void(Result<T>)>>(std::move(complete))](
             const Result<T>& result) {
    insist("an answer", [&] {
      boost::asio::dispatch(executor, [complete, result = copy_of(result)]() mutable {
        log_what_is_thrown("a completion handler threw", [&] { (*complete)(std::move(result)); });
      });
    });
  };
}

/// What another thread will tell a coroutine, once. The coroutine may run on any executor, and may be gone,
/// and its executor's context too, when it is told.
template <class T>
class OneShot {
 public:
  /// For a coroutine on this executor, which has the answer as a local or a parameter.
  explicit OneShot(const boost::asio::any_io_executor& executor)
      : executor_(executor), state_(std::make_shared<State>(executor)) {}

  OneShot(OneShot&&) noexcept = default;
  OneShot& operator=(OneShot&&) = delete;
  OneShot(const OneShot&) = delete;
  OneShot& operator=(const OneShot&) = delete;

  /// From here on nothing is told.
  ~OneShot() {
    if (state_) state_->way.close();
  }

  /// Tells it; may be called from any thread, and after the one who asked has gone. The first call counts. If
  /// all copies go without a call, the answer is lost: so the one who waits keeps none.
  std::function<void(T)> completion() {
    return [last = std::make_shared<Last>(state_)](T value) { last->state->complete(std::move(value)); };
  }

  /// Throws operation_aborted if the coroutine is cancelled, or the answer lost.
  task<T> wait() {
    auto value = co_await outcome();
    if (!value) throw boost::system::system_error(boost::asio::error::operation_aborted);
    co_return std::move(*value);
  }

  /// The answer, or `fallback` if it is lost.
  task<T> wait_or(T fallback) {
    auto value = co_await outcome();
    co_return value ? std::move(*value) : std::move(fallback);
  }

 private:
  struct State {
    explicit State(const boost::asio::any_io_executor& executor) : way(executor) {}

    void complete(std::optional<T> result) {
      way.wake({}, [&] {
        if (is_complete) return false;
        is_complete = true;
        value = std::move(result);
        return true;
      });
    }

    OneShotSignal way;
    bool is_complete = false;  // under the lock of the way, as is the value until the waiter completes
    std::optional<T> value;    // none: it is lost
  };

  /// The answer is lost with the last completion, unless it was told.
  struct Last {
    explicit Last(std::shared_ptr<State> of) : state(std::move(of)) {}
    Last(const Last&) = delete;
    Last& operator=(const Last&) = delete;
    ~Last() {
      insist("an answer", [this] { state->complete(std::nullopt); });
    }

    std::shared_ptr<State> state;
  };

  template <class Handler>
  class HandlerWaiter final : public OneShotSignal::Waiter {
   public:
    HandlerWaiter(Handler handler, const boost::asio::any_io_executor& executor)
        : handler_(std::move(handler)), work_(executor) {}

    void complete(boost::system::error_code ec) override {
      boost::asio::get_associated_cancellation_slot(handler_).clear();
      Handler handler(std::move(handler_));
      work_.reset();
      std::move(handler)(ec);
    }

    [[nodiscard]] auto slot() const { return boost::asio::get_associated_cancellation_slot(handler_); }

   private:
    Handler handler_;
    boost::asio::executor_work_guard<boost::asio::any_io_executor>
        work_;  // the context runs until it is told
  };

  /// nullopt: it is lost.
  task<std::optional<T>> outcome() {
    const auto begin = [state = state_, executor = executor_](auto handler) {
      auto waiter = std::make_shared<HandlerWaiter<decltype(handler)>>(std::move(handler), executor);
      if (auto slot = waiter->slot(); slot.is_connected()) {
        slot.assign([weak = std::weak_ptr<State>(state)](boost::asio::cancellation_type) {
          if (const auto held = weak.lock())
            held->way.wake(boost::asio::error::operation_aborted, [] { return true; });
        });
      }
      state->way.wait(std::move(waiter), [&] { return state->is_complete; });
    };
    using Token = boost::asio::as_tuple_t<boost::asio::use_awaitable_t<>>;
    const auto [ec] = co_await boost::asio::async_initiate<const Token, void(boost::system::error_code)>(
        begin, Token(boost::asio::use_awaitable));
    if (ec) throw boost::system::system_error(ec);
    co_return std::move(state_->value);
  }

  boost::asio::any_io_executor executor_;
  std::shared_ptr<State> state_;
};

}  // namespace coroom::detail
