#include "limits/rate_meter.hpp"

#include <algorithm>

namespace coroom::detail::limits {

RateMeter::RateMeter(const RateLimit& limit) : messages_(limit.messages), bytes_(limit.bytes) {}

RateVerdict RateMeter::take(std::size_t messages, std::size_t bytes, TokenBucket::TimePoint now) {
  return std::max(messages_.take(static_cast<double>(messages), now),
                  bytes_.take(static_cast<double>(bytes), now));
}

RateVerdict RateMeter::take_bytes(std::size_t bytes, TokenBucket::TimePoint now) {
  return bytes_.has_left(now) ? bytes_.take(static_cast<double>(bytes), now) : RateVerdict::too_fast;
}

RateVerdict RateMeter::Quota::take(double amount, TokenBucket::TimePoint now) {
  if (rate.per_second == 0) return RateVerdict::ok;
  const double left = bucket.left(rate, now);
  // One message may exceed the burst; that alone is no flood.
  const bool fine = left > 0;
  bucket.take(rate, amount, now, fine ? rate.burst : 2 * rate.burst);
  if (fine) return RateVerdict::ok;
  return left < -rate.burst ? RateVerdict::flooding : RateVerdict::too_fast;
}

}  // namespace coroom::detail::limits
