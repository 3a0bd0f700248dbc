#pragma once

#include <coroom/clock.hpp>

#include <chrono>
#include <mutex>

namespace coroom::detail {

/// The time of day by which expired data is deleted for good. A wall clock may be wrong for a while, and what
/// was deleted meanwhile would not come back with the right time. So this follows the wall clock back at
/// once, but ahead only as fast as time passes; a leap ahead is followed when it has lasted for
/// `confirmed_after`. Any thread may use it.
class DeletionClock {
 public:
  using TimePoint = Clock::TimePoint;

  static constexpr std::chrono::hours confirmed_after{6};
  static constexpr std::chrono::minutes tolerance{1};  ///< by which a clock that runs right may be off

  /// The clock outlives it. `last` is the last time of day that is known to have been right, of an earlier
  /// process perhaps.
  ///@{
  explicit DeletionClock(const Clock& clock) : DeletionClock(clock, clock.now()) {}
  DeletionClock(const Clock& clock, TimePoint last);
  ///@}

  [[nodiscard]] TimePoint now();

 private:
  enum class State { right, deviates };

  const Clock& clock_;
  std::mutex mutex_;
  TimePoint at_;                      // the time of day at `passed_`; guarded by mutex_, as all below
  std::chrono::nanoseconds passed_;   // of the clock
  State state_ = State::right;        // of the wall clock
  std::chrono::nanoseconds since_{};  // when it began to deviate
};

}  // namespace coroom::detail
