#pragma once

#include "load/connection.hpp"
#include "load/dialect.hpp"
#include "load/measure.hpp"

#include <coroom/error.hpp>

#include <cstddef>
#include <memory>
#include <sys/types.h>
#include <vector>

namespace coroom::bench {

/// One room in which a few members publish and all receive, in a closed loop. A message is done when every
/// member has it; the next one then takes its place.
struct FanoutSettings {
  LoadTarget target;
  std::vector<Dialect> dialects;
  std::size_t members = 1000;  ///< all receive, also the senders
  std::size_t senders = 16;
  std::size_t in_flight = 16;  ///< messages, in all
  bool bursts = false;         ///< the next messages are sent together when all are done
  std::size_t bytes = 64;      ///< of a message
  Times times;
  pid_t server = 0;
};

/// Starts the load once all members receive each other's messages. A turn fails if a member misses a message,
/// or gets one twice or in a different order.
Result<std::unique_ptr<Load>> start_fanout(const FanoutSettings& settings);

/// Fails like a turn of start_fanout().
Result<Figures> run_fanout(const FanoutSettings& settings);

}  // namespace coroom::bench
