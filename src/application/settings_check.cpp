#include "application/settings_check.hpp"

#include <array>
#include <string>
#include <string_view>

namespace coroom::detail::application {
namespace {

using std::chrono::milliseconds;

// Longer than any useful timeout, and short enough to be added to a time.
constexpr milliseconds longest = std::chrono::hours(24 * 365);

struct Size {
  std::string_view name;
  std::size_t bytes;
};

struct TimeSetting {
  std::string_view name;
  milliseconds value;
  milliseconds least;
};

}  // namespace

Result<> check(const Settings& settings) {
  const std::array sizes{Size{"max_message_size", settings.limits.max_message_size},
                         Size{"queue_limit", settings.limits.queue_limit},
                         Size{"max_header_size", settings.limits.max_header_size},
                         Size{"max_url_size", settings.limits.max_url_size}};
  for (const Size& size : sizes) {
    if (size.bytes == 0)
      return failure(Errc::invalid_argument, std::string(size.name) + " must be greater than 0");
  }
  constexpr milliseconds none{0};
  constexpr milliseconds some{1};
  const std::array times{TimeSetting{"ping_interval", settings.timeouts.ping_interval, none},
                         TimeSetting{"ping_timeout", settings.timeouts.ping_timeout, none},
                         TimeSetting{"drain_timeout", settings.timeouts.drain_timeout, none},
                         TimeSetting{"message_timeout", settings.timeouts.message_timeout, some},
                         TimeSetting{"tls_timeout", settings.timeouts.tls_timeout, some},
                         TimeSetting{"handshake_timeout", settings.timeouts.handshake_timeout, some},
                         TimeSetting{"keep_alive_timeout", settings.timeouts.keep_alive_timeout, some}};
  for (const TimeSetting& time : times) {
    if (time.value < time.least || time.value > longest)
      return failure(Errc::invalid_argument,
                     std::string(time.name) + " is " + std::to_string(time.value.count()) +
                         " ms; it must be from " + std::to_string(time.least.count()) + " ms to a year");
  }
  return {};
}

}  // namespace coroom::detail::application
