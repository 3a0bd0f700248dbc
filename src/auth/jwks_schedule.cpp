#include "auth/jwks_schedule.hpp"

#include "core/grammar.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <system_error>

namespace coroom::detail::auth {
namespace {

constexpr std::chrono::seconds usual_lifetime{600};
constexpr std::chrono::seconds shortest_lifetime{60};
constexpr std::chrono::seconds longest_lifetime{3600};
constexpr std::chrono::seconds first_retry{1};
constexpr std::chrono::seconds longest_retry{60};
constexpr std::chrono::seconds between_early{30};

/// Returns delta-seconds (RFC 9111 section 1.2.2). A number too large to represent is the largest.
std::optional<std::chrono::seconds> seconds_of(std::string_view text) {
  if (text.size() > 1 && text.starts_with('"') && text.ends_with('"')) text = text.substr(1, text.size() - 2);
  std::uint32_t seconds = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (end != text.data() + text.size() || ec == std::errc::invalid_argument) return std::nullopt;
  if (ec == std::errc::result_out_of_range) seconds = std::numeric_limits<std::uint32_t>::max();
  return std::chrono::seconds(seconds);
}

}  // namespace

void JwksSchedule::on_loaded(SteadyTime now, std::optional<std::chrono::seconds> lifetime) {
  due_ = now + std::clamp(lifetime.value_or(usual_lifetime), shortest_lifetime, longest_lifetime);
  retry_after_ = first_retry;
}

void JwksSchedule::on_failed(SteadyTime now) {
  due_ = now + retry_after_;
  retry_after_ = std::min<SteadyTime>(2 * retry_after_, longest_retry);
}

bool JwksSchedule::on_unknown_key(SteadyTime now) {
  if (last_early_ && now - *last_early_ < between_early) return false;
  last_early_ = now;
  due_ = std::min(due_, now);
  return true;
}

std::optional<std::chrono::seconds> max_age(std::string_view cache_control) {
  std::optional<std::chrono::seconds> found;
  while (!cache_control.empty()) {
    const std::size_t comma = std::min(cache_control.find(','), cache_control.size());
    const std::string_view directive = detail::trimmed(cache_control.substr(0, comma));
    cache_control.remove_prefix(std::min(comma + 1, cache_control.size()));
    const std::string name = detail::lower_case(directive.substr(0, directive.find('=')));
    if (name == "no-store" || name == "no-cache") return std::chrono::seconds(0);
    if (name == "max-age" && name.size() < directive.size() && !found)
      found = seconds_of(directive.substr(name.size() + 1));
  }
  return found;
}

}  // namespace coroom::detail::auth
