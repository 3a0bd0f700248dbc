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

/// Decides which lines are written, so that clients cannot fill a disk with them. Each event has a rate.
/// Lines caused by one address get a quarter of it, which leaves room for other addresses. Pure.
class LogPace {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// The suppressed lines of one event.
  struct Suppressed {
    std::string event;
    std::uint64_t lines;
  };

  /// Allows `lines_per_second` lines of one event, with a burst of ten seconds' worth; 0: no limit. `secret`
  /// decides which addresses share a quarter.
  LogPace(std::size_t lines_per_second, std::uint64_t secret);

  /// Returns whether a line may be written. `peer` is the address that caused it, or empty.
  bool admits(std::string_view event, std::string_view peer, TimePoint now);

  /// Returns the lines suppressed since the last call.
  std::vector<Suppressed> take_suppressed();

  /// Returns whether take_suppressed() would return any lines.
  [[nodiscard]] bool has_suppressed() const { return waiting_ != 0; }

  /// Returns the total number of suppressed lines.
  [[nodiscard]] std::uint64_t suppressed() const { return suppressed_; }

 private:
  struct EventLimit {
    EventLimit(const limits::Rate& all, const limits::Rate& address, TimePoint now);

    limits::TokenBucket bucket;
    std::vector<limits::TokenBucket> addresses;  // one for each slot of address hashes
    std::uint64_t suppressed = 0;
  };

  EventLimit& event_of(std::string_view name, TimePoint now);
  bool take(EventLimit& event, std::string_view peer, TimePoint now) const;

  limits::Rate all_;
  limits::Rate address_;
  std::uint64_t secret_;
  std::map<std::string, EventLimit, std::less<>> events_;
  std::uint64_t waiting_ = 0;     // suppressed since the last take_suppressed()
  std::uint64_t suppressed_ = 0;  // total
};

}  // namespace coroom::detail::log
