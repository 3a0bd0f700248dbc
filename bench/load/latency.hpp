#pragma once

#include "load/connection.hpp"
#include "load/dialect.hpp"
#include "load/measure.hpp"

#include <coroom/error.hpp>

#include <cstddef>
#include <sys/types.h>

namespace coroom::bench {

/// One room in which one talks at a fixed rate, in an open loop: a message's time is counted from when it was
/// due, so that a server that falls behind is not spared (coordinated omission).
struct LatencySettings {
  Target target;
  Dialect dialect;
  std::size_t members = 1000;
  std::size_t stopped = 0;  ///< of them, who read nothing; they don't count
  double rate = 50;         ///< messages a second
  std::size_t bytes = 64;   ///< a message
  Times times;
  pid_t server = 0;
};

/// Those of measure(), and of the deliveries of all messages that were due in the window: p50_ms, p99_ms,
/// p999_ms, max_ms. Fails if one does not arrive within ten seconds.
Result<Figures> run_latency(const LatencySettings& settings);

}  // namespace coroom::bench
