#pragma once

#include <coroom/statistics.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace coroom::detail::net {

/// Counters of the messages that one shard has sent. Belongs to the shard.
class Traffic {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// Counts messages delivered to members, which are sent at the end of this turn or a later one. `taken` is
  /// the time at which their room accepted the oldest of them.
  void deliver(std::uint64_t messages, TimePoint taken) {
    constexpr std::size_t most_under_way = 4096;
    messages_sent_ += messages;
    if (under_way_.size() == most_under_way) sent();
    under_way_.push_back(taken);
  }

  /// Counts one message that a program wrote to one connection.
  void write() { ++messages_sent_; }

  /// Records the delivery times: all queued bytes are now sent, or wait for their sockets.
  void sent();

  /// Adds the counters to the statistics.
  void add_to(Statistics& statistics) const;

 private:
  std::uint64_t messages_sent_ = 0;
  DeliveryTimes times_;
  std::vector<TimePoint> under_way_;
};

}  // namespace coroom::detail::net
