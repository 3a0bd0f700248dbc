#pragma once

#include <coroom/clock.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace coroom::detail {

/// Calls a function when a time has passed, unless it is set anew or destroyed before. Belongs to one shard.
/// Unlike a bare timer it may be destroyed while its handler is already on the way: the call does not come
/// then.
class Deadline {
 public:
  /// By the time of the machine.
  Deadline(const boost::asio::any_io_executor& executor, std::function<void()> missed);

  /// By this clock, which outlives it.
  Deadline(const boost::asio::any_io_executor& executor, const Clock& clock, std::function<void()> missed);

  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline() = default;

  void expires_after(std::chrono::nanoseconds time);
  void cancel();

 private:
  struct State {
    boost::asio::steady_timer timer;
    const Clock* clock;  // nullptr: the machine's
    std::function<void()> missed;
    std::uint64_t set = 0;  // how often it was set or cancelled
  };

  static void expire(const std::weak_ptr<State>& weak, std::uint64_t set);

  std::shared_ptr<State> state_;
};

}  // namespace coroom::detail
