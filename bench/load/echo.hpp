#pragma once

#include "load/connection.hpp"
#include "load/measure.hpp"

#include <coroom/error.hpp>

#include <cstddef>
#include <sys/types.h>

namespace coroom::bench {

/// Connections that each have some messages in flight, in a closed loop: each echo triggers the next message.
struct EchoSettings {
  LoadTarget target;
  std::size_t connections = 100;
  std::size_t in_flight = 1;  ///< messages of each connection
  std::size_t bytes = 64;     ///< of a message
  Times times;
  pid_t server = 0;
};

/// Fails if a message comes back changed, twice, out of order or not at all.
Result<Figures> run_echo(const EchoSettings& settings);

}  // namespace coroom::bench
