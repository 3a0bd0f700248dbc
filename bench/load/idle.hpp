#pragma once

#include "load/connection.hpp"
#include "load/dialect.hpp"
#include "load/measure.hpp"

#include <coroom/error.hpp>

#include <chrono>
#include <cstddef>
#include <sys/types.h>

namespace coroom::bench {

/// Connections that are opened, join a room and then send nothing.
struct IdleSettings {
  LoadTarget target;
  Dialect dialect;
  std::size_t connections = 10'000;
  std::chrono::milliseconds window{5000};  ///< without messages
  pid_t server = 0;
};

/// - connect_seconds: until the last connection was upgraded and has joined
/// - bytes_per_connection: of the server's memory, without the memory of the kernel for a socket
/// - server_load: processors that the server kept busy without messages
/// - connect_cpu_per_million: of the server, in seconds for a million connections
Result<Figures> run_idle(const IdleSettings& settings);

}  // namespace coroom::bench
