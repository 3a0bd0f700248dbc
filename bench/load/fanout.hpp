#pragma once

#include "load/connection.hpp"

#include <coroom/error.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <sys/types.h>

namespace coroom::bench {

/// One room in which a few talk and everybody listens, in a closed loop: a message is done when every member
/// has it, and then the next one is sent in its place.
struct FanoutSettings {
  Target target;
  std::size_t members = 1000;  ///< all receive; the senders are among them
  std::size_t senders = 16;
  std::size_t in_flight = 16;  ///< messages, in all
  std::size_t bytes = 64;      ///< a message
  std::chrono::milliseconds warm_up{1000};
  std::chrono::milliseconds window{5000};
  pid_t server = 0;
};

struct FanoutFigures {
  double deliveries_per_second = 0;
  double cpu_per_million = 0;  ///< of the server, in seconds for each million deliveries
  double server_load = 0;      ///< processors that the server kept busy
  double client_load = 0;      ///< and this program
  std::size_t peak_bytes = 0;  ///< of the server's memory
};

/// Fails if a member misses a message, gets one twice or in another order than the others, and if nothing
/// moves for ten seconds.
Result<FanoutFigures> run_fanout(const FanoutSettings& settings);

}  // namespace coroom::bench
