#pragma once

#include "load/connection.hpp"
#include "load/dialect.hpp"
#include "load/measure.hpp"

#include <coroom/error.hpp>

#include <cstddef>
#include <memory>
#include <sys/types.h>

namespace coroom::bench {

/// One room in which a few talk and everybody listens, in a closed loop: a message is done when every member
/// has it, and then the next one is sent in its place.
struct FanoutSettings {
  Target target;
  Dialect dialect;
  std::size_t members = 1000;  ///< all receive; the senders are among them
  std::size_t senders = 16;
  std::size_t in_flight = 16;  ///< messages, in all
  bool bursts = false;         ///< the next ones are sent when all are done, and all at once
  std::size_t bytes = 64;      ///< a message
  Times times;
  pid_t server = 0;
};

/// The load, once all members hear each other. Its turn fails if a member misses a message, gets one twice or
/// in another order than the others.
Result<std::unique_ptr<Load>> start_fanout(const FanoutSettings& settings);

/// Fails as that does.
Result<Figures> run_fanout(const FanoutSettings& settings);

}  // namespace coroom::bench
