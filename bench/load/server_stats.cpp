#include "load/server_stats.hpp"

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>

namespace coroom::bench {
namespace {

std::string file_of(pid_t process, const char* name) {
  std::ifstream file("/proc/" + std::to_string(process) + "/" + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Result<std::size_t> status_bytes(pid_t process, std::string_view field) {
  std::istringstream lines(file_of(process, "status"));
  for (std::string word; lines >> word;) {
    std::size_t kibibytes = 0;
    if (word == field && lines >> kibibytes) return kibibytes * 1024;
  }
  return failure("there is no process " + std::to_string(process));
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

Result<double> cpu_seconds(pid_t process) {
  const std::string stat = file_of(process, "stat");
  const std::size_t name_end = stat.rfind(')');  // the name before it may hold any character
  if (name_end == std::string::npos) return failure("there is no process " + std::to_string(process));
  std::istringstream fields(stat.substr(name_end + 2));
  constexpr int fields_before_utime = 11;
  std::string skipped;
  for (int field = 0; field != fields_before_utime; ++field) fields >> skipped;
  double user = 0;
  double kernel = 0;
  fields >> user >> kernel;
  return (user + kernel) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

Result<std::size_t> peak_memory(pid_t process) {
  return status_bytes(process, "VmHWM:");
}

Result<std::size_t> memory(pid_t process) {
  return status_bytes(process, "VmRSS:");
}

double own_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace coroom::bench
