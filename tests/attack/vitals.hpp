#pragma once

#include <chrono>
#include <cstddef>
#include <sys/types.h>

namespace coroom::test {

/// Memory, files and processor time of a process, from /proc. Memory is in bytes.
class Vitals {
 public:
  explicit Vitals(pid_t process) : process_(process) {}

  [[nodiscard]] std::size_t memory() const;

  /// Returns the peak since forget_peak().
  [[nodiscard]] std::size_t peak_memory() const;
  void forget_peak() const;

  [[nodiscard]] std::size_t open_files() const;

  /// Returns the processor time of all threads.
  [[nodiscard]] std::chrono::milliseconds busy() const;

  /// Measures the processor load over `time`. 1 is one whole processor.
  [[nodiscard]] double load(std::chrono::milliseconds time = std::chrono::seconds(1)) const;

 private:
  [[nodiscard]] std::size_t status(const char* field) const;

  pid_t process_;
};

}  // namespace coroom::test
