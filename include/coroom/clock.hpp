#pragma once

#include <chrono>

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
  [[nodiscard]] virtual TimePoint now() const = 0;
};

/// The time of the machine.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return std::chrono::system_clock::now(); }
};

}  // namespace coroom
