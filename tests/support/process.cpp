#include "support/process.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <grp.h>
#include <poll.h>
#include <regex>
#include <spawn.h>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX leaves it to the program

namespace coroom::test {
namespace {

constexpr int patience = 20'000;  // milliseconds

/// COROOM_BINARY in the environment overrides the binary that was built with the tests.
const char* binary_path() {
  const char* chosen = std::getenv("COROOM_BINARY");
  return chosen != nullptr ? chosen : COROOM_BINARY;
}

/// A run of the tests may select the backend of all servers.
bool is_for_both(std::string_view variable) {
  return variable.starts_with("COROOM_IO_BACKEND=");
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> all;
  all.reserve(strings.size() + 1);
  for (std::string& text : strings) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

pid_t start(const std::vector<char*>& argv, const std::vector<char*>& envp, int output, Streams streams) {
  pid_t pid = -1;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  if (streams == Streams::all) {
    posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
  } else {
    posix_spawn_file_actions_addclose(&actions, STDIN_FILENO);
    posix_spawn_file_actions_addclose(&actions, STDERR_FILENO);
  }
  const int failed = posix_spawn(&pid, binary_path(), &actions, nullptr, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  return failed == 0 ? pid : -1;
}

/// posix_spawn() can't change the user. A descriptor gives access to a binary in folders of root.
pid_t start_as_nobody(const std::vector<char*>& argv, const std::vector<char*>& envp, int output) {
  constexpr id_t nobody = 65534;
  constexpr int cannot_start = 127;
  const int binary = ::open(binary_path(), O_RDONLY | O_CLOEXEC);
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    if (setgroups(0, nullptr) == 0 && setresgid(nobody, nobody, nobody) == 0 &&
        setresuid(nobody, nobody, nobody) == 0)
      fexecve(binary, argv.data(), envp.data());
    _exit(cannot_start);
  }
  ::close(binary);
  return pid;
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
                 Rights rights, Streams streams) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  std::vector<std::string> command = {binary_path()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  std::vector<std::string> variables;
  // Removes variables of the tests, and settings of the server from outside.
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!std::string_view(*entry).starts_with("COROOM_") || is_for_both(*entry))
      variables.emplace_back(*entry);
  }
  variables.insert(variables.end(), environment.begin(), environment.end());

  const auto argv = pointers(command);
  const auto envp = pointers(variables);
  const bool drop = rights == Rights::of_nobody && geteuid() == 0;
  pid_ = drop ? start_as_nobody(argv, envp, ends[1]) : start(argv, envp, ends[1], streams);
  ::close(ends[1]);
  pipe_ = ends[0];
  if (pid_ < 0) throw std::runtime_error("cannot start " + command.front());
}

Process::~Process() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  if (pipe_ >= 0) ::close(pipe_);
}

std::uint16_t Process::wait_for_port() {
  static const std::regex start_line(R"((?:open https?|wss?)://[^ ]*:(\d+)/)");
  std::smatch match;
  while (!std::regex_search(output_, match, start_line)) {
    if (!read_more()) throw std::runtime_error("the server did not start: " + output_);
  }
  return static_cast<std::uint16_t>(std::stoi(match[1]));
}

void Process::signal(int number) const {
  kill(pid_, number);
}

void Process::limit_file_size(std::optional<std::uintmax_t> bytes) const {
  rlimit limit{};
  prlimit(pid_, RLIMIT_FSIZE, nullptr, &limit);
  limit.rlim_cur = bytes ? static_cast<rlim_t>(*bytes) : limit.rlim_max;
  if (prlimit(pid_, RLIMIT_FSIZE, &limit, nullptr) != 0) throw std::runtime_error("prlimit");
}

void Process::limit_open_files(std::size_t files) const {
  rlimit limit{};
  prlimit(pid_, RLIMIT_NOFILE, nullptr, &limit);
  limit.rlim_cur = files;
  if (prlimit(pid_, RLIMIT_NOFILE, &limit, nullptr) != 0) throw std::runtime_error("prlimit");
}

void Process::read_output() {
  pollfd ready{pipe_, POLLIN, 0};
  while (poll(&ready, 1, 0) > 0 && read_more()) {
  }
}

std::size_t Process::peak_memory() const {
  std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
  for (std::string word; status >> word;) {
    std::size_t kibibytes = 0;
    if (word == "VmHWM:" && status >> kibibytes) return kibibytes * 1024;
  }
  throw std::runtime_error("no peak memory in /proc");
}

int Process::wait() {
  while (read_more()) {
  }
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int Process::wait_unread() {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience);
  int status = 0;
  while (waitpid(pid_, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("the server does not end");
    std::this_thread::yield();
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void Process::close_output() {
  ::close(std::exchange(pipe_, -1));
}

bool Process::read_more() {
  pollfd ready{pipe_, POLLIN, 0};
  if (poll(&ready, 1, patience) <= 0) throw std::runtime_error("the server says nothing; so far: " + output_);
  std::array<char, 4096> chunk{};
  const ssize_t size = ::read(pipe_, chunk.data(), chunk.size());
  if (size <= 0) return false;
  output_.append(chunk.data(), static_cast<std::size_t>(size));
  return true;
}

int lines_with(const std::string& output, std::string_view text) {
  int count = 0;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(text) != std::string::npos) ++count;
  }
  return count;
}

}  // namespace coroom::test
