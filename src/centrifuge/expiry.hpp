#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace coroom::detail::centrifuge {

/// The time at which a token's grant ends, on the clock of timer_time(); nullopt: it does not expire.
using ExpiryTime = std::optional<std::chrono::nanoseconds>;

/// Returns when a token that is valid for `left` expires, with a grace period for the client to send another.
inline ExpiryTime expiry_after(std::chrono::nanoseconds now,
                               const std::optional<std::chrono::milliseconds>& left,
                               std::chrono::milliseconds grace) {
  constexpr std::chrono::hours longest{100 * 365 * 24};  // nanoseconds have no more than 292 years
  if (!left) return std::nullopt;
  return now + std::min<std::chrono::milliseconds>(*left, longest) + grace;
}

}  // namespace coroom::detail::centrifuge
