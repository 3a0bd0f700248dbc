#pragma once

#include <atomic>
#include <cstdint>

namespace coroom::model {

/// The events of all schedules together. An event that never occurred was not tested.
struct Tally {
  std::atomic<std::uint64_t> delivered = 0;     ///< publications, not recovered
  std::atomic<std::uint64_t> acknowledged = 0;  ///< publications
  std::atomic<std::uint64_t> rejected = 0;      ///< publications that the broker rejected
  std::atomic<std::uint64_t> recovered = 0;     ///< subscriptions that received missed publications
  std::atomic<std::uint64_t> unrecovered = 0;   ///< subscriptions whose history was incomplete
  std::atomic<std::uint64_t> present = 0;       ///< members found by presence
  std::atomic<std::uint64_t> crashes = 0;
};

inline Tally tally;

}  // namespace coroom::model
