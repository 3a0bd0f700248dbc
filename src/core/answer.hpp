#pragma once

#include "core/event.hpp"

#include <coroom/task.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/dispatch.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace coroom {

/// Calls `tell` on `executor`, from wherever the result is called: at once where that is there already.
template <class T>
std::function<void(T)> told_on(const boost::asio::any_io_executor& executor, std::function<void(T)> tell) {
  return [executor, tell = std::move(tell)](T value) {
    boost::asio::dispatch(executor, [tell, value = std::move(value)]() mutable { tell(std::move(value)); });
  };
}

/// What another shard will tell a coroutine, once.
template <class T>
class Answer {
 public:
  /// For a coroutine on this executor.
  explicit Answer(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

  /// Tells it; may be called from any thread, and after the one who asked has gone.
  std::function<void(T)> teller() {
    return told_on<T>(executor_, [state = state_](T value) {
      state->value = std::move(value);
      state->told.notify();
    });
  }

  task<T> wait() {
    const auto state = state_;
    while (!state->value) co_await state->told.wait();
    co_return std::move(*state->value);
  }

 private:
  struct State {
    std::optional<T> value;
    Event told;
  };

  boost::asio::any_io_executor executor_;
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace coroom
