#pragma once

#include <chrono>
#include <sys/types.h>
#include <vector>

namespace coroom::test {

/// The other processes of the machine. If they use much processor time, durations of a test prove nothing.
class Neighbours {
 public:
  /// Measures from now on. The processes `us` do not count.
  explicit Neighbours(std::vector<pid_t> us);

  /// Returns the part of the machine's processor time that other processes used or its host took. Processes
  /// with a nice value and interrupts do not count.
  [[nodiscard]] double share() const;

 private:
  struct ProcessorTimes {
    std::chrono::milliseconds machine;  // of all processors, with idle time
    std::chrono::milliseconds others;
  };

  [[nodiscard]] ProcessorTimes now() const;

  std::vector<pid_t> us_;
  ProcessorTimes before_;
};

}  // namespace coroom::test
