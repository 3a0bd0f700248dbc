#pragma once

#include <coroom/clock.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace coroom::detail {

/// Calls a function once a duration has passed, unless the deadline is set again, cancelled or destroyed
/// first. Belongs to one shard. Unlike a bare timer, it may be destroyed while its handler is already queued:
/// the function is not called then.
class Deadline {
 public:
  /// Uses the system's steady clock.
  Deadline(const boost::asio::any_io_executor& executor, std::function<void()> missed);

  /// Uses this clock, which must outlive the deadline.
  Deadline(const boost::asio::any_io_executor& executor, const Clock& clock, std::function<void()> missed);

  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() = default;

  void expires_after(std::chrono::nanoseconds time);
  void cancel();

 private:
  struct State {
    boost::asio::steady_timer timer;
    const Clock* clock;  // nullptr: the system's steady clock
    std::function<void()> missed;
    std::uint64_t set = 0;  // number of calls that set or cancelled it
  };

  static void expire(const std::weak_ptr<State>& weak, std::uint64_t set);

  std::shared_ptr<State> state_;
};

}  // namespace coroom::detail
