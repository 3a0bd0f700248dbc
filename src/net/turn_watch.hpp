#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace coroom::detail::net {

/// Counts the turns of a shard that took too long, and decides which of them are logged. Pure.
class TurnWatch {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  static constexpr std::chrono::milliseconds limit{50};
  static constexpr std::chrono::seconds pace{10};  // minimum time between two log lines

  /// A slow turn to log.
  struct Report {
    std::chrono::milliseconds duration;
    std::chrono::milliseconds handling;  ///< the part of it before anything was sent
    std::uint64_t turns;                 ///< slow turns since the last report, including this one
  };

  /// Records the end of a turn. Returns a report if the turn was slow and the last report is old enough.
  std::optional<Report> note(TimePoint begun, TimePoint handled, TimePoint ended);

  [[nodiscard]] std::uint64_t slow_turns() const { return slow_turns_; }

 private:
  std::uint64_t slow_turns_ = 0;
  std::uint64_t reported_ = 0;  // slow turns that were reported
  std::optional<TimePoint> last_report_;
};

}  // namespace coroom::detail::net
