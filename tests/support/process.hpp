#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace coroom::test {

/// The server's binary in a process of its own, its output kept. Killed, if it still runs, when the test
/// ends.
class Process {
 public:
  /// `environment` holds NAME=VALUE entries, beside those of this process.
  explicit Process(const std::vector<std::string>& arguments,
                   const std::vector<std::string>& environment = {});

  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  /// Waits for the start line and gives the port that it names.
  std::uint16_t wait_for_port();

  void signal(int number) const;

  /// Waits for the end; gives the exit status, or minus the signal that ended it.
  int wait();

  /// What it has printed so far: standard output and standard error together. All of it after wait().
  [[nodiscard]] const std::string& output() const { return output_; }

 private:
  bool read_more();

  pid_t pid_ = -1;
  int pipe_ = -1;
  std::string output_;
};

}  // namespace coroom::test
