#pragma once

#include "load/connection.hpp"
#include "load/measure.hpp"

#include <coroom/error.hpp>

#include <cstddef>
#include <sys/types.h>

namespace coroom::bench {

/// Connections that come, receive their first message and leave, in a closed loop: each connection that has
/// ended is replaced by another. A connection joins a room of its own, sends one message, receives it as a
/// line, and performs the closing handshake.
struct NewcomersSettings {
  LoadTarget target;
  std::size_t in_flight = 64;  ///< connections
  std::size_t bytes = 64;      ///< of a message
  Times times;
  pid_t server = 0;
};

/// A connection that has ended counts as one message of measure(). Fails if a connection receives a changed
/// message, or if the server ends it otherwise.
Result<Figures> run_newcomers(const NewcomersSettings& settings);

}  // namespace coroom::bench
