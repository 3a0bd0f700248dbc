#include "core/deletion_clock.hpp"

#include <coroom/log.hpp>

#include <algorithm>
#include <utility>

namespace coroom::detail {

DeletionClock::DeletionClock(const Clock& clock, TimePoint last)
    : clock_(clock), at_(last), passed_(clock.passed()) {
  // An earlier stop of the process and a wrong clock look the same here.
  if (clock.now() - last > tolerance) state_ = State::deviates;
  since_ = passed_;
}

DeletionClock::TimePoint DeletionClock::now() {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::chrono::nanoseconds passed = clock_.passed();
  const TimePoint wall = clock_.now();
  const TimePoint expected = at_ + std::chrono::duration_cast<TimePoint::duration>(passed - passed_);
  const TimePoint::duration off = wall - expected;
  if (off <= tolerance && off >= -tolerance) {
    state_ = State::right;
  } else {
    if (std::exchange(state_, State::deviates) == State::right) {
      since_ = passed;
      logging::warning("the system clock was changed: expired data is deleted later",
                       {{"seconds", std::chrono::duration_cast<std::chrono::seconds>(off).count()}});
    }
    if (passed - since_ < confirmed_after) return std::min(wall, expected);
    state_ = State::right;
  }
  at_ = wall;
  passed_ = passed;
  return wall;
}

}  // namespace coroom::detail
