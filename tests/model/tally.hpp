#pragma once

#include <atomic>
#include <cstdint>

namespace coroom::model {

/// What the schedules came to, all together: if something of it never happened, they prove nothing of it.
struct Tally {
  std::atomic<std::uint64_t> told = 0;          ///< publications, live
  std::atomic<std::uint64_t> acknowledged = 0;  ///< publications
  std::atomic<std::uint64_t> refused = 0;       ///< publications that the broker could not take
  std::atomic<std::uint64_t> recovered = 0;    ///< subscriptions that had missed something, and were given it
  std::atomic<std::uint64_t> unrecovered = 0;  ///< subscriptions whose history had gone
  std::atomic<std::uint64_t> looks = 0;        ///< members found in a list of who is there
  std::atomic<std::uint64_t> crashes = 0;
};

inline Tally tally;

}  // namespace coroom::model
