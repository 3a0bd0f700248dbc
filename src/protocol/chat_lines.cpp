#include "protocol/chat_lines.hpp"

#include "core/keyed_hash.hpp"

#include <array>
#include <cstdint>
#include <ctime>

namespace coroom::detail::protocol {
namespace {

/// Formats a time in seconds. Lines come in bursts, so the text of the last second is cached: the look-up of
/// the local time would cost most of a line.
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

/// Hashes with a secret of the process (core/keyed_hash.hpp).
std::string alias_of(std::string_view kind, std::string_view name) {
  constexpr std::size_t length = 8;
  constexpr std::string_view digits = "abcdefghijkmnpqrstuvwxyz23456789";  // 32, none alike
  std::uint64_t hash = detail::keyed_hash(std::string(kind).append(name));
  std::string alias;
  for (std::size_t digit = 0; digit != length; ++digit, hash /= digits.size())
    alias += digits[hash % digits.size()];
  return alias;
}

}  // namespace

void append_line_head(std::string& line, std::string_view address,
                      std::chrono::system_clock::time_point time) {
  line.append("[").append(address).append("]-[").append(local_time(time)).append("]-");
}

void append_line_head(std::string& line, const ClientInfo& client_info, AddressLines addresses,
                      std::chrono::system_clock::time_point time) {
  if (addresses == AddressLines::show && !client_info.hides_address) {
    append_line_head(line, client_info.address, time);
  } else if (!client_info.user.empty()) {
    append_line_head(line, alias_of("user ", client_info.user), time);
  } else {
    append_line_head(line, client_info.address.empty() ? "" : alias_of("address ", client_info.address),
                     time);
  }
}

}  // namespace coroom::detail::protocol
