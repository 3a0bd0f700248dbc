#pragma once

#include "core/thrown.hpp"

#include <coroom/log.hpp>

#include <coroutine>
#include <exception>
#include <utility>

namespace coroom::detail {

/// A coroutine of one thread that holds nothing but its own frame while it waits: no executor, no operation
/// and no other frame. It is made suspended, and destroys itself at its end. An exception that ends it is
/// logged. Whatever it awaits must resume it on its thread.
class Routine {
 public:
  struct promise_type {  // NOLINT(readability-identifier-naming): the name that the language demands
    Routine get_return_object() { return Routine(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept {
      logging::error("a task ended by an exception", {{"error", what_of(std::current_exception())}});
    }
  };

  /// Returns the handle that starts the coroutine, by resume(), or ends it while it waits, by destroy().
  [[nodiscard]] std::coroutine_handle<> handle() const { return handle_; }

 private:
  explicit Routine(std::coroutine_handle<> handle) : handle_(handle) {}

  std::coroutine_handle<> handle_;
};

/// Lets one routine wait until another function of its thread calls notify().
class Wakeup {
 public:
  Wakeup() = default;
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;
  ~Wakeup() = default;

  /// Resumes the routine if it waits.
  void notify() {
    if (const auto waiter = std::exchange(waiter_, nullptr)) waiter.resume();
  }

  // An awaitable: `co_await wakeup`.
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) noexcept { waiter_ = waiter; }
  void await_resume() const noexcept {}

 private:
  std::coroutine_handle<> waiter_;
};

}  // namespace coroom::detail
