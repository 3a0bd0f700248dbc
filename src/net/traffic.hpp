#pragma once

#include <coroom/statistics.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace coroom::detail::net {

/// What one shard has carried. Belongs to the shard.
class Traffic {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// So many messages for members; they leave at the end of this turn or a later one, and were taken then.
  void deliver(std::uint64_t messages, TimePoint taken) {
    constexpr std::size_t most_under_way = 4096;
    messages_sent_ += messages;
    if (under_way_.size() == most_under_way) sent();
    under_way_.push_back(taken);
  }

  /// One message that a program wrote to one connection.
  void write() { ++messages_sent_; }

  /// All that was to be sent has been handed to the sockets, or waits for them.
  void sent();

  /// Adds it up.
  void add_to(Statistics& statistics) const;

 private:
  std::uint64_t messages_sent_ = 0;
  DeliveryTimes times_;
  std::vector<TimePoint> under_way_;
};

}  // namespace coroom::detail::net
