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
  static constexpr std::chrono::seconds pace{10};  // between two log lines

  /// A turn to be logged.
  struct Report {
    std::chrono::milliseconds duration;
    std::chrono::milliseconds handling;  ///< of it, before anything was sent
    std::uint64_t turns;                 ///< that were slow since the last report, with this one
  };

  /// A turn has ended. Returns a report if it was slow and there was none within the pace.
  std::optional<Report> note(TimePoint begun, TimePoint handled, TimePoint ended);

  [[nodiscard]] std::uint64_t slow_turns() const { return slow_turns_; }

 private:
  std::uint64_t slow_turns_ = 0;
  std::uint64_t reported_ = 0;  // of them
  std::optional<TimePoint> last_report_;
};

}  // namespace coroom::detail::net
