#include "attack/vitals.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>

namespace coroom::test {
namespace {

std::string file_of(pid_t process, const char* name) {
  return "/proc/" + std::to_string(process) + "/" + name;
}

}  // namespace

std::size_t Vitals::memory() const {
  return status("VmRSS:");
}

std::size_t Vitals::peak_memory() const {
  return status("VmHWM:");
}

void Vitals::forget_peak() const {
  std::ofstream(file_of(process_, "clear_refs")) << "5";  // proc(5): resets the peak to the current memory
}

std::size_t Vitals::open_files() const {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator(file_of(process_, "fd")), {}));
}

std::chrono::milliseconds Vitals::busy() const {
  std::ifstream file(file_of(process_, "stat"));
  std::string stat;
  std::getline(file, stat);
  std::istringstream fields(stat.substr(stat.rfind(')') + 2));  // the name before it may contain spaces
  constexpr int fields_before = 11;
  std::string skipped;
  for (int field = 0; field != fields_before; ++field) fields >> skipped;
  long user = 0;
  long kernel = 0;
  fields >> user >> kernel;
  return std::chrono::milliseconds((user + kernel) * 1000 / sysconf(_SC_CLK_TCK));
}

double Vitals::load(std::chrono::milliseconds time) const {
  using Seconds = std::chrono::duration<double>;
  const auto begin = std::chrono::steady_clock::now();
  const auto before = busy();
  std::this_thread::sleep_for(time);
  return Seconds(busy() - before) / Seconds(std::chrono::steady_clock::now() - begin);
}

std::size_t Vitals::status(const char* field) const {
  std::ifstream file(file_of(process_, "status"));
  for (std::string word; file >> word;) {
    std::size_t kibibytes = 0;
    if (word == field && file >> kibibytes) return kibibytes * 1024;
  }
  throw std::runtime_error("the server has ended");
}

}  // namespace coroom::test
