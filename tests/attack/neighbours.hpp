#pragma once

#include <chrono>
#include <sys/types.h>
#include <vector>

namespace coroom::test {

/// Other processes of the machine: where they take processor time that a test would have had, how long
/// something took tells nothing.
class Neighbours {
 public:
  /// From now on, of all but these.
  explicit Neighbours(std::vector<pid_t> us);

  /// The part of the machine that they have used, with what its host gave to others. Who gives way (nice)
  /// does not count, nor do interrupts, which may be ours.
  [[nodiscard]] double share() const;

 private:
  struct ProcessorTimes {
    std::chrono::milliseconds machine;  // of all processors, idle too
    std::chrono::milliseconds others;
  };

  [[nodiscard]] ProcessorTimes now() const;

  std::vector<pid_t> us_;
  ProcessorTimes before_;
};

}  // namespace coroom::test
