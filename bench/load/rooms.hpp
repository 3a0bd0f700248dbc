#pragma once

#include "load/connection.hpp"
#include "load/measure.hpp"

#include <coroom/error.hpp>

#include <cstddef>
#include <sys/types.h>

namespace coroom::bench {

/// Many rooms with one member each: every connection joins its own rooms by "+NAME", and leaves them by
/// "-NAME". The server answers each command with a message.
struct RoomsSettings {
  LoadTarget target;
  std::size_t connections = 100;
  std::size_t rooms = 100'000;  ///< in all
  std::size_t in_flight = 16;   ///< commands of each connection
  pid_t server = 0;
};

/// - joins_per_second, leaves_per_second
/// - cpu_per_million: of the server, in seconds for a million joins and leaves
/// - bytes_per_room: of the server's memory, for a room with one member
Result<Figures> run_rooms(const RoomsSettings& settings);

}  // namespace coroom::bench
