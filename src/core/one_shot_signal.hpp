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

/// Wakes a coroutine on its executor from any thread, once, for as long as the executor's context is there:
/// the context closes it before anything of the context goes. So who wakes need not know whether there is
/// still somebody, or anything, to be woken.
class OneShotSignal : public OneShotHook {
 public:
  /// Completes the wait of the coroutine, on its executor, or destroys the coroutine with itself.
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

  /// Nobody is to be woken any more.
  void close();

  /// Has the one who waits, if there is one, complete with this. `before`, which must not throw, is called
  /// under the lock, but not if there is nobody any more; false from it: nobody is woken.
  void wake(boost::system::error_code ec, const std::function<bool()>& before);

  /// Keeps the waiter until it is woken, unless `is_ready`, which is called under the lock: then it completes
  /// at once.
  void wait(std::shared_ptr<Waiter> waiter, const std::function<bool()>& is_ready);

 private:
  friend class OneShotService;

  void post(const std::shared_ptr<Waiter>& waiter, boost::system::error_code ec);

  boost::asio::any_io_executor executor_;  // none once it is closed
  OneShotService& service_;
  std::mutex mutex_;
  bool closed_ = false;
  std::shared_ptr<Waiter> waiter_;
};

}  // namespace coroom::detail
