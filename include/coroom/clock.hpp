#pragma once

#include <chrono>
#include <ctime>
#include <functional>

namespace coroom {

/// The source of time of an application (Settings::clock). A test brings its own clock to set the time
/// (testing::ManualClock). Any thread may call any function, and several at once. A clock must outlive the
/// application.
class Clock {
 public:
  /// A point in time of the system's clock, which can be shown as a date.
  using TimePoint = std::chrono::system_clock::time_point;

  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  /// Returns the time of day.
  [[nodiscard]] virtual TimePoint now() const = 0;

  /// Returns a time that only increases, independent of the time of day, and also while the machine sleeps.
  /// Data is deleted only if both times agree that it has expired.
  [[nodiscard]] virtual std::chrono::nanoseconds passed() const {
    std::timespec time{};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }

  /// Returns whether the timers of the application follow passed() and are set by call_at(). If not, they
  /// follow the steady clock of the system.
  [[nodiscard]] virtual bool has_timers() const { return false; }

  /// Calls `call` once, on any thread, when passed() reaches `when`; at once if it has done so already. Used
  /// only if has_timers() returns true.
  virtual void call_at(std::chrono::nanoseconds /*when*/, std::function<void()> /*call*/) const {}
};

/// The clock of the system.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return std::chrono::system_clock::now(); }
};

}  // namespace coroom
