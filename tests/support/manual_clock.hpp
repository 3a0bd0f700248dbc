#pragma once

#include <coroom/clock.hpp>

#include <atomic>

namespace coroom::test {

/// Stands still until it is told otherwise.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint(TimePoint::duration(ticks_)); }
  void set(TimePoint time) { ticks_ = time.time_since_epoch().count(); }
  void advance(TimePoint::duration by) { ticks_ += by.count(); }

 private:
  std::atomic<TimePoint::duration::rep> ticks_{0};
};

}  // namespace coroom::test
