#include "limits/rate_meter.hpp"

#include <algorithm>

namespace coroom::detail::limits {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds burst = std::chrono::seconds(10);
constexpr std::size_t largest_amount = 9'000'000'000;  // its time in nanoseconds is an integer of 64 bits

nanoseconds time_of(std::size_t amount, std::size_t per_second) {
  constexpr std::size_t second = std::chrono::nanoseconds(std::chrono::seconds(1)).count();
  return nanoseconds(std::min(amount, largest_amount) * second / per_second);
}

}  // namespace

RateVerdict RateMeter::take(const RateLimit& limit, std::size_t messages, std::size_t bytes, TimePoint now) {
  return std::max(messages_.take(limit.messages, messages, now), bytes_.take(limit.bytes, bytes, now));
}

RateVerdict RateMeter::take_bytes(const RateLimit& limit, std::size_t bytes, TimePoint now) {
  return bytes_.has_left(limit.bytes, now) ? bytes_.take(limit.bytes, bytes, now) : RateVerdict::too_fast;
}

bool RateMeter::RateUse::has_left(std::size_t per_second, TimePoint now) const {
  return per_second == 0 || arrival_ < now + burst;
}

RateVerdict RateMeter::RateUse::take(std::size_t per_second, std::size_t amount, TimePoint now) {
  if (per_second == 0) return RateVerdict::ok;
  const nanoseconds used = std::max(arrival_ - now, nanoseconds(0));
  // One message may exceed the burst; that alone is no flood.
  const bool fine = used < burst;
  arrival_ = now + std::min(used + time_of(amount, per_second), fine ? 2 * burst : 3 * burst);
  if (fine) return RateVerdict::ok;
  return used > 2 * burst ? RateVerdict::flooding : RateVerdict::too_fast;
}

}  // namespace coroom::detail::limits
