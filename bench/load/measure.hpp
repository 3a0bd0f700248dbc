#pragma once

#include <coroom/error.hpp>

#include <boost/json/object.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <sys/types.h>

namespace coroom::bench {

using BenchClock = std::chrono::steady_clock;

/// Measured figures; each name ends with its unit.
using Figures = boost::json::object;

/// A load on a server that has been started.
class Load {
 public:
  Load() = default;
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  virtual ~Load() = default;

  /// Handles ready connections, and waits for them at most `wait`.
  virtual Result<> turn(std::chrono::milliseconds wait) = 0;

  /// Returns the number of messages that have arrived.
  [[nodiscard]] virtual std::uint64_t arrived() const = 0;

  /// Ends the warm-up; messages that are sent from now on count.
  virtual void begin_window() {}
};

struct Times {
  std::chrono::milliseconds warm_up{1000};
  std::chrono::milliseconds window{5000};  ///< of the measurement
};

/// - messages_per_second: arrived messages, on all connections together
/// - cpu_per_million: of the server, in seconds for each million messages
/// - server_load, client_load: processors that the server and this program kept busy
/// - peak_bytes: of the server's memory
///
/// Fails if the load fails, or if no message arrives for ten seconds.
Result<Figures> measure(Load& load, const Times& times, pid_t server);

}  // namespace coroom::bench
