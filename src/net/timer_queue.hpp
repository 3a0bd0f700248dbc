#pragma once

#include "core/deadline.hpp"

#include <coroom/clock.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/intrusive/set.hpp>

#include <chrono>

namespace coroom::detail::net {

class TimerQueue;

using TimerHook = boost::intrusive::set_base_hook<boost::intrusive::tag<TimerQueue>,
                                                  boost::intrusive::link_mode<boost::intrusive::safe_link>,
                                                  boost::intrusive::optimize_size<true>>;

/// A time at which a shard calls a function. Set by TimerQueue::set(), and cancelled before it is
/// destroyed.
class Timer : public TimerHook {
 public:
  /// Called on the shard when the time has come. The timer is not set any more.
  virtual void on_time() = 0;

  [[nodiscard]] bool is_set() const { return is_linked(); }

  /// Returns the time of a timer that is set.
  [[nodiscard]] std::chrono::nanoseconds due() const { return due_; }

 protected:
  Timer() = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  ~Timer() = default;

 private:
  friend class TimerQueue;

  std::chrono::nanoseconds due_{0};
};

/// The timers of one shard, which share one timer of Asio: setting one takes no memory.
class TimerQueue {
 public:
  /// The clock must outlive it.
  TimerQueue(const boost::asio::any_io_executor& executor, const Clock& clock);

  /// Returns the time now, as detail::timer_time() does.
  [[nodiscard]] std::chrono::nanoseconds now() const;

  /// Sets a timer, in place of its present time.
  void set(Timer& timer, std::chrono::nanoseconds due);

  /// Ends the wait for a timer; does nothing if it is not set.
  void cancel(Timer& timer);

 private:
  struct Earlier {
    bool operator()(const Timer& one, const Timer& other) const { return one.due_ < other.due_; }
  };

  void expire();
  void wait();

  const Clock& clock_;
  boost::intrusive::multiset<Timer, boost::intrusive::base_hook<TimerHook>,
                             boost::intrusive::compare<Earlier>, boost::intrusive::constant_time_size<false>>
      timers_;
  Deadline next_;
  std::chrono::nanoseconds waits_until_ = std::chrono::nanoseconds::max();
  std::chrono::nanoseconds expired_{
      -1};  // when expire() last ran; timers set since are due after it, so that it ends
};

}  // namespace coroom::detail::net
