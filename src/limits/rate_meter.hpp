#pragma once

#include "limits/token_bucket.hpp"

#include <coroom/rate_limit.hpp>

#include <cstddef>

namespace coroom::detail::limits {

/// Measures messages and bytes received from one sender. Pure.
class RateMeter {
 public:
  explicit RateMeter(const RateLimit& limit);

  /// Counts received messages and bytes, even those above the rate.
  RateVerdict take(std::size_t messages, std::size_t bytes, TokenBucket::TimePoint now);

  /// Counts bytes of a message that was counted before. Once none are left, further bytes are rejected and
  /// not counted.
  RateVerdict take_bytes(std::size_t bytes, TokenBucket::TimePoint now);

  /// Returns whether a message would be accepted now.
  [[nodiscard]] bool has_left(TokenBucket::TimePoint now) const {
    return messages_.has_left(now) && bytes_.has_left(now);
  }

  /// Returns whether the whole burst is available.
  [[nodiscard]] bool is_full(TokenBucket::TimePoint now) const {
    return messages_.is_full(now) && bytes_.is_full(now);
  }

 private:
  /// A rate of messages or of bytes.
  struct Quota {
    explicit Quota(std::size_t per_second) : rate(Rate::with_ten_seconds_at_once(per_second)), bucket(rate) {}
    RateVerdict take(double amount, TokenBucket::TimePoint now);
    [[nodiscard]] bool has_left(TokenBucket::TimePoint now) const {
      return rate.per_second == 0 || bucket.left(rate, now) > 0;
    }
    [[nodiscard]] bool is_full(TokenBucket::TimePoint now) const {
      return rate.per_second == 0 || bucket.left(rate, now) >= rate.burst;
    }

    Rate rate;
    TokenBucket bucket;
  };

  Quota messages_;
  Quota bytes_;
};

}  // namespace coroom::detail::limits
