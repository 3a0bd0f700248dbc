#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace coroom::test {

/// The rights of a process. Root may do everything, so under root `of_nobody` starts a process as the user
/// `nobody`. For other users both are the same.
enum class Rights { ours, of_nobody };

/// The standard streams of a process: all, with both outputs captured, or standard output only.
enum class Streams { all, only_output };

/// A process of the binary under test, whose output is captured. The destructor kills it if it still runs.
class Process {
 public:
  /// `environment` holds NAME=VALUE entries that are added to the environment of this process.
  explicit Process(const std::vector<std::string>& arguments,
                   const std::vector<std::string>& environment = {}, Rights rights = Rights::ours,
                   Streams streams = Streams::all);

  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  /// Waits for the start line, and returns the port in it.
  std::uint16_t wait_for_port();

  void signal(int number) const;

  [[nodiscard]] pid_t id() const { return pid_; }

  /// Limits the size of the process's files, as if the disk were full. Without a size, lifts the limit.
  void limit_file_size(std::optional<std::uintmax_t> bytes) const;

  /// Limits the numbers of new file descriptors.
  void limit_open_files(std::size_t files) const;

  /// Reads the output without waiting. A full pipe would block the process.
  void read_output();

  /// Returns the peak of the memory in bytes.
  [[nodiscard]] std::size_t peak_memory() const;

  /// Waits for the end. Returns the exit status, or the negative number of the signal that ended the process.
  int wait();

  /// The same, without reading the output. Throws after a timeout.
  int wait_unread();

  /// Closes the reading end of the output.
  void close_output();

  /// Returns the output so far, of standard output and standard error. It is complete after wait().
  [[nodiscard]] const std::string& output() const { return output_; }

 private:
  bool read_more();

  pid_t pid_ = -1;
  int pipe_ = -1;
  std::string output_;
};

/// Returns the number of lines that contain the text.
int lines_with(const std::string& output, std::string_view text);

}  // namespace coroom::test
