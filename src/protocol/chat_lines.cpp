#include "protocol/chat_lines.hpp"

#include <array>
#include <ctime>

namespace coroom::protocol {
namespace {

/// One second as text. Lines come in bursts, so the last second is kept: asking for the local time takes
/// longer than all the rest of a line.
std::string_view local_time(std::chrono::system_clock::time_point time) {
  thread_local std::time_t last_second = -1;
  thread_local std::array<char, 32> text{};
  thread_local std::size_t size = 0;
  const std::time_t second = std::chrono::system_clock::to_time_t(time);
  if (second != last_second) {
    std::tm local{};
    localtime_r(&second, &local);
    size = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &local);
    last_second = second;
  }
  return {text.data(), size};
}

}  // namespace

void append_line_head(std::string& line, std::string_view address,
                      std::chrono::system_clock::time_point time) {
  line.append("[").append(address).append("]-[").append(local_time(time)).append("]-");
}

}  // namespace coroom::protocol
