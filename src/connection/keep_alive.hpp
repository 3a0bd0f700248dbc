#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace coroom::detail::connection {

/// Decides when to ping a peer, and when the peer has been silent for too long. Pure: its owner sends the
/// pings, and calls on_time() when due() is reached.
class KeepAlive {
 public:
  using TimePoint = std::chrono::nanoseconds;  ///< as detail::timer_time() returns it
  using Duration = std::chrono::milliseconds;

  struct Intervals {
    Duration interval{0};  ///< from one ping to the next; 0: no pings
    Duration timeout{0};   ///< from a ping to the next sign of life

    bool operator==(const Intervals&) const = default;
  };

  enum class Action {
    wait,    ///< until due()
    ping,    ///< send a ping
    overdue  ///< the timeout has passed: call answered() or extend(), or give the peer up
  };

  /// The times must outlive it.
  explicit KeepAlive(const Intervals& times) : times_(times) {}

  /// Begins with the first ping after `delay`; never pings if the interval is 0.
  void start(TimePoint now, Duration delay);

  /// Stops the pings.
  void stop() { phase_ = Phase::stopped; }

  /// Records a sign of life. Needs no time, since most signs come while no ping is open.
  void heard() {
    if (phase_ == Phase::pinged) phase_ = Phase::heard;
  }

  /// Records an answer to the open ping. The next ping follows one interval after that ping. Returns false if
  /// no ping is open.
  bool answered(TimePoint now);

  /// Gives the peer a whole timeout from now to answer the open ping, if there is one.
  void extend(TimePoint now) {
    if (phase_ == Phase::pinged) due_ = now + times_.timeout;
  }

  /// Returns the action that is due.
  Action on_time(TimePoint now);

  /// Returns when to call on_time(); nullopt: never.
  [[nodiscard]] std::optional<TimePoint> due() const {
    return phase_ == Phase::stopped ? std::nullopt : std::optional(due_);
  }

 private:
  enum class Phase : std::uint8_t {
    stopped,
    quiet,   ///< until the next ping is due
    pinged,  ///< a ping is open
    heard    ///< the peer has shown a sign of life since the ping
  };

  const Intervals& times_;
  TimePoint due_{0};
  TimePoint pinged_at_{0};
  Phase phase_ = Phase::stopped;
};

}  // namespace coroom::detail::connection
