#pragma once

#include <chrono>
#include <cstddef>
#include <sys/types.h>

namespace coroom::test {

/// What the system knows of a process: memory in bytes, from /proc.
class Vitals {
 public:
  explicit Vitals(pid_t process) : process_(process) {}

  [[nodiscard]] std::size_t memory() const;

  /// The most since forget_peak().
  [[nodiscard]] std::size_t peak_memory() const;
  void forget_peak() const;

  [[nodiscard]] std::size_t open_files() const;

  /// Processor time of all its threads so far.
  [[nodiscard]] std::chrono::milliseconds busy() const;

  /// What part of a processor it uses, as of now for so long: 1 is all of one.
  [[nodiscard]] double load(std::chrono::milliseconds time = std::chrono::seconds(1)) const;

 private:
  [[nodiscard]] std::size_t status(const char* field) const;

  pid_t process_;
};

}  // namespace coroom::test
