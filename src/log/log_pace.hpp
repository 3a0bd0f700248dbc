#pragma once

#include "limits/token_bucket.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::detail::log {

/// Decides which lines are written, so that a stranger can't fill a disk with them: an event has a rate, and
/// what one address causes has a quarter of that, which leaves room for the lines of others. Pure.
class LogPace {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// Lines of one event that were not written.
  struct Suppressed {
    std::string event;
    std::uint64_t lines;
  };

  /// Lines of one event a second, ten seconds' worth at once; 0: any number. `secret` decides which addresses
  /// share a quarter.
  LogPace(std::size_t lines_per_second, std::uint64_t secret);

  /// Returns whether this line is to be written. `peer` is the address that caused it, or empty.
  bool admits(std::string_view event, std::string_view peer, TimePoint now);

  /// Returns what has been suppressed since it was last called.
  std::vector<Suppressed> take_suppressed();

  /// Returns whether take_suppressed() would return anything.
  [[nodiscard]] bool has_suppressed() const { return waiting_ != 0; }

  /// Returns how many lines were suppressed in all.
  [[nodiscard]] std::uint64_t suppressed() const { return suppressed_; }

 private:
  struct EventLimit {
    EventLimit(const limits::Rate& all, const limits::Rate& address, TimePoint now);

    limits::TokenBucket bucket;
    std::vector<limits::TokenBucket> addresses;  // each of those whose hash leads to it
    std::uint64_t suppressed = 0;
  };

  EventLimit& event_of(std::string_view name, TimePoint now);
  bool take(EventLimit& event, std::string_view peer, TimePoint now) const;

  limits::Rate all_;
  limits::Rate address_;
  std::uint64_t secret_;
  std::map<std::string, EventLimit, std::less<>> events_;
  std::uint64_t waiting_ = 0;     // suppressed, and not taken yet
  std::uint64_t suppressed_ = 0;  // in all
};

}  // namespace coroom::detail::log
