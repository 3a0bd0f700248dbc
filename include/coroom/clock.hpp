#pragma once

#include <chrono>
#include <ctime>
#include <functional>

namespace coroom {

/// The time of day. Rooms are given one, so that tests decide what time it is.
class Clock {
 public:
  /// Of the system's clock, so that it can be shown as a date.
  using TimePoint = std::chrono::system_clock::time_point;

  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  /// May be called from any thread.
  ///@{
  [[nodiscard]] virtual TimePoint now() const = 0;

  /// Time that passes whatever the time of day is set to, while the machine sleeps too. What can't be undone
  /// is decided by both.
  [[nodiscard]] virtual std::chrono::nanoseconds passed() const {
    std::timespec time{};
    ::clock_gettime(CLOCK_BOOTTIME, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }

  /// Whether the timers of an application go by passed(), and are set by call_at(). Else they are those of
  /// the machine.
  [[nodiscard]] virtual bool has_timers() const { return false; }

  /// Calls `call` once, on any thread, when passed() has come to `when`. Called only where there are timers.
  virtual void call_at(std::chrono::nanoseconds /*when*/, std::function<void()> /*call*/) const {}
  ///@}
};

/// The time of the machine.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return std::chrono::system_clock::now(); }
};

}  // namespace coroom
