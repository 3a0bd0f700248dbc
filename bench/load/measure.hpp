#pragma once

#include <coroom/error.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <sys/types.h>

namespace coroom::bench {

/// Something that keeps a server busy, in a closed loop that has been started.
class Load {
 public:
  Load() = default;
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  virtual ~Load() = default;

  /// Handles what is ready; waits for it 10 ms at most.
  virtual Result<> turn() = 0;

  /// How many messages have arrived.
  [[nodiscard]] virtual std::uint64_t arrived() const = 0;
};

struct Times {
  std::chrono::milliseconds warm_up{1000};
  std::chrono::milliseconds window{5000};  ///< what is measured
};

struct Figures {
  double messages_per_second = 0;
  double cpu_per_million = 0;  ///< of the server, in seconds for each million messages that arrived
  double server_load = 0;      ///< processors that the server kept busy
  double client_load = 0;      ///< and this program
  std::size_t peak_bytes = 0;  ///< of the server's memory
};

/// Fails with the load, and if nothing arrives for ten seconds.
Result<Figures> measure(Load& load, const Times& times, pid_t server);

}  // namespace coroom::bench
