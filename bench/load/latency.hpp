#pragma once

#include "load/connection.hpp"
#include "load/dialect.hpp"
#include "load/measure.hpp"

#include <coroom/error.hpp>

#include <cstddef>
#include <sys/types.h>

namespace coroom::bench {

/// One room in which one member publishes at a fixed rate, in an open loop. A latency counts from the time
/// when its message was due, so that a slow server cannot hide it (coordinated omission).
struct LatencySettings {
  LoadTarget target;
  Dialect dialect;
  std::size_t members = 1000;
  std::size_t stopped = 0;  ///< members that read nothing; they are not measured
  double rate = 50;         ///< messages a second
  std::size_t bytes = 64;   ///< of a message
  Times times;
  pid_t server = 0;
};

/// Returns the figures of measure(), and p50_ms, p99_ms, p999_ms and max_ms of all deliveries of messages
/// that were due in the window. Fails if a message does not arrive within ten seconds.
Result<Figures> run_latency(const LatencySettings& settings);

}  // namespace coroom::bench
