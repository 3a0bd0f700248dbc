#pragma once

#include <coroom/statistics.hpp>

#include <chrono>
#include <cstdint>
#include <vector>

namespace coroom::net {

/// What one shard has carried. Belongs to the shard.
class Traffic {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// So many messages for members; they leave at the end of this turn, and were taken then.
  void deliver(std::uint64_t messages, TimePoint taken) {
    messages_sent_ += messages;
    under_way_.push_back(taken);
  }

  /// One message that a program wrote to one connection.
  void write() { ++messages_sent_; }

  /// The turn's sends are done, or as many of them as a turn may make.
  void sent();

  /// Adds it up.
  void add_to(Statistics& statistics) const;

 private:
  std::uint64_t messages_sent_ = 0;
  DeliveryTimes times_;
  std::vector<TimePoint> under_way_;
};

}  // namespace coroom::net
