#pragma once

#include "limits/token_bucket.hpp"

#include <coroom/rate_limit.hpp>

#include <cstddef>

namespace coroom::detail::limits {

/// Watches what somebody sends. Pure.
class RateMeter {
 public:
  explicit RateMeter(const RateLimit& limit);

  /// So much has come.
  RateVerdict take(std::size_t messages, std::size_t bytes, TokenBucket::TimePoint now);

  /// So many bytes of a message that was taken have come; more are refused, and not counted, when none are
  /// left.
  RateVerdict take_bytes(std::size_t bytes, TokenBucket::TimePoint now);

  /// Whether what comes now is fine.
  [[nodiscard]] bool has_left(TokenBucket::TimePoint now) const {
    return messages_.has_left(now) && bytes_.has_left(now);
  }

  /// Whether all that may come at once may.
  [[nodiscard]] bool is_full(TokenBucket::TimePoint now) const {
    return messages_.is_full(now) && bytes_.is_full(now);
  }

 private:
  /// Of messages, or of bytes.
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
