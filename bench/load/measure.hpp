#pragma once

#include <coroom/error.hpp>

#include <boost/json/object.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <sys/types.h>

namespace coroom::bench {

/// What was measured: numbers by names that end with their unit.
using Figures = boost::json::object;

/// Something that keeps a server busy, once it has been started.
class Load {
 public:
  Load() = default;
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  virtual ~Load() = default;

  /// Handles what is ready; waits for it at most so long.
  virtual Result<> turn(std::chrono::milliseconds wait) = 0;

  /// How many messages have arrived.
  [[nodiscard]] virtual std::uint64_t arrived() const = 0;

  /// The warm-up is over: what is sent from now on counts.
  virtual void begin_window() {}
};

struct Times {
  std::chrono::milliseconds warm_up{1000};
  std::chrono::milliseconds window{5000};  ///< what is measured
};

/// - messages_per_second: those that arrived, on all connections together
/// - cpu_per_million: of the server, in seconds for each million of them
/// - server_load, client_load: processors that the server and this program kept busy
/// - peak_bytes: of the server's memory
///
/// Fails with the load, and if nothing arrives for ten seconds.
Result<Figures> measure(Load& load, const Times& times, pid_t server);

}  // namespace coroom::bench
