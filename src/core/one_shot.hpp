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

/// Copies a result. The copy constructor of tl::expected terminates the process if the copy throws.
template <class T>
Result<T> copy_of(const Result<T>& result) {
  if (result) return T(*result);
  return tl::unexpected(result.error());
}

/// Returns a function, callable from any thread, that calls `complete` on `executor`, at once if it is called
/// there. The function never throws, since its result must arrive even when memory is short. `Executor`
/// is a type of its own, since the executor of an io_context costs less than any_io_executor.
template <class T, class Executor>
std::function<void(const Result<T>&)> complete_on(const Executor& executor,
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

/// One value that another thread passes to a coroutine. The coroutine may run on any executor. The coroutine,
/// and the context of its executor, may be destroyed before the value is passed.
template <class T>
class OneShot {
 public:
  /// The coroutine runs on this executor, and keeps the object as a local or a parameter.
  explicit OneShot(const boost::asio::any_io_executor& executor)
      : executor_(executor), state_(std::make_shared<State>(executor)) {}

  OneShot(OneShot&&) noexcept = default;
  OneShot& operator=(OneShot&&) = delete;
  OneShot(const OneShot&) = delete;
  OneShot& operator=(const OneShot&) = delete;

  /// Later calls of the completion have no effect.
  ~OneShot() {
    if (state_) state_->way.close();
  }

  /// Returns the function that passes the value. Any thread may call it, even after the coroutine is
  /// destroyed. Only the first call counts. If all copies are destroyed without a call, the value is lost; so
  /// the waiting coroutine must keep no copy.
  std::function<void(T)> completion() {
    return [last = std::make_shared<Last>(state_)](T value) { last->state->complete(std::move(value)); };
  }

  /// Returns the value. Throws operation_aborted if the coroutine is cancelled or the value is lost.
  task<T> wait() {
    auto value = co_await outcome();
    if (!value) throw boost::system::system_error(boost::asio::error::operation_aborted);
    co_return std::move(*value);
  }

  /// Returns the value, or `fallback` if the value is lost. Throws operation_aborted if the coroutine is
  /// cancelled.
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
    bool is_complete = false;  // guarded by the signal's lock, as is the value until the wait ends
    std::optional<T> value;    // nullopt: the value is lost
  };

  /// Marks the value as lost when the last completion is destroyed without a call.
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
        work_;  // keeps the context running until complete()
  };

  /// Returns nullopt if the value is lost.
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
