#pragma once

#include <coroom/clock.hpp>

#include <chrono>
#include <mutex>

namespace coroom::detail {

/// The time of day that decides which expired data is deleted permanently. A wall clock may be wrong for some
/// time, and a deletion cannot be undone once the clock is right again. So this clock follows the wall clock
/// backwards at once, but forwards only as fast as time passes. It accepts a forward jump once the jump has
/// lasted for `confirmed_after`. Any thread may use it.
class DeletionClock {
 public:
  using TimePoint = Clock::TimePoint;

  static constexpr std::chrono::hours confirmed_after{6};
  static constexpr std::chrono::minutes tolerance{1};  ///< deviation that still counts as right

  /// `clock` must outlive this object. `last` is the latest time of day known to be right, possibly from an
  /// earlier process.
  ///@{
  explicit DeletionClock(const Clock& clock) : DeletionClock(clock, clock.now()) {}
  DeletionClock(const Clock& clock, TimePoint last);
  ///@}

  [[nodiscard]] TimePoint now();

 private:
  enum class State { right, deviates };

  const Clock& clock_;
  std::mutex mutex_;
  TimePoint at_;                      // time of day at `passed_`; guarded by mutex_, as all below
  std::chrono::nanoseconds passed_;   // clock.passed() at the last accepted time of day
  State state_ = State::right;        // of the wall clock
  std::chrono::nanoseconds since_{};  // clock.passed() when the deviation began
};

}  // namespace coroom::detail
