#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace coroom::test {

/// Whose rights a process has. Root may do everything: where it runs the tests, it starts as `nobody` what is
/// to be denied something. To everybody else both are the same.
enum class Rights { ours, of_nobody };

/// Which of its standard streams a process has: all, with both outputs led here, or standard output alone.
enum class Streams { all, only_output };

/// The binary under test in a process of its own, its output kept. Killed, if it still runs, when the test
/// ends.
class Process {
 public:
  /// `environment` holds NAME=VALUE entries, beside those of this process.
  explicit Process(const std::vector<std::string>& arguments,
                   const std::vector<std::string>& environment = {}, Rights rights = Rights::ours,
                   Streams streams = Streams::all);

  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  /// Waits for the start line and gives the port that it names.
  std::uint16_t wait_for_port();

  void signal(int number) const;

  [[nodiscard]] pid_t id() const { return pid_; }

  /// From now on no file of its grows over this, as if the disk were full; no size lifts the limit.
  void limit_file_size(std::optional<std::uintmax_t> bytes) const;

  /// From now on it opens no file descriptor beyond this number.
  void limit_open_files(std::size_t files) const;

  /// Takes what it has printed, and waits for nothing: a pipe that is full would stop it.
  void read_output();

  /// The most memory that it ever held, in bytes.
  [[nodiscard]] std::size_t peak_memory() const;

  /// Waits for the end; gives the exit status, or minus the signal that ended it.
  int wait();

  /// The same with nobody reading what it prints. Throws when it takes long.
  int wait_unread();

  /// Has its output led nowhere.
  void close_output();

  /// What it has printed so far: standard output and standard error together. All of it after wait().
  [[nodiscard]] const std::string& output() const { return output_; }

 private:
  bool read_more();

  pid_t pid_ = -1;
  int pipe_ = -1;
  std::string output_;
};

/// How many lines of a process's output have this text.
int lines_with(const std::string& output, std::string_view text);

}  // namespace coroom::test
