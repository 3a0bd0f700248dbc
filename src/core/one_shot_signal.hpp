#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/intrusive/list.hpp>
#include <boost/system/error_code.hpp>

#include <functional>
#include <memory>
#include <mutex>

namespace coroom::detail {

class OneShotService;

using OneShotHook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// Wakes a coroutine on its executor from any thread, once, while the execution context exists. The context
/// closes the signal before it destroys its other parts. So the waking thread does not need to know whether
/// the coroutine or its context still exists.
class OneShotSignal : public OneShotHook {
 public:
  /// Completes the wait of a coroutine on its executor. If it is destroyed without a call, it destroys the
  /// coroutine too.
  class Waiter {
   public:
    Waiter() = default;
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    virtual ~Waiter() = default;
    virtual void complete(boost::system::error_code ec) = 0;
  };

  explicit OneShotSignal(const boost::asio::any_io_executor& executor);
  OneShotSignal(const OneShotSignal&) = delete;
  OneShotSignal& operator=(const OneShotSignal&) = delete;
  ~OneShotSignal() = default;

  /// Ignores all later calls of wake().
  void close();

  /// Completes the waiter, if there is one, with `ec`. `before` is called under the lock, unless the signal
  /// is closed, and must not throw. If it returns false, the waiter is kept.
  void wake(boost::system::error_code ec, const std::function<bool()>& before);

  /// Stores the waiter until wake() is called. If `is_ready`, which is called under the lock, returns true,
  /// completes the waiter at once.
  void wait(std::shared_ptr<Waiter> waiter, const std::function<bool()>& is_ready);

 private:
  friend class OneShotService;

  void post(const std::shared_ptr<Waiter>& waiter, boost::system::error_code ec);

  boost::asio::any_io_executor executor_;  // empty once the signal is closed
  OneShotService& service_;
  std::mutex mutex_;
  bool closed_ = false;
  std::shared_ptr<Waiter> waiter_;
};

}  // namespace coroom::detail
