#pragma once

#include <coroom/clock.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>

namespace coroom::test {

/// Stands still until it is told otherwise. It is set without that time passes.
class SettableClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint(TimePoint::duration(ticks_)); }
  [[nodiscard]] std::chrono::nanoseconds passed() const override {
    return std::chrono::nanoseconds(passed_.load());
  }
  void set(TimePoint time) { ticks_ = time.time_since_epoch().count(); }
  void advance(TimePoint::duration by) {
    ticks_ += by.count();
    passed_ += std::max(std::chrono::nanoseconds(by), std::chrono::nanoseconds(0)).count();
  }

 private:
  std::atomic<TimePoint::duration::rep> ticks_{0};
  std::atomic<std::chrono::nanoseconds::rep> passed_{0};
};

}  // namespace coroom::test
