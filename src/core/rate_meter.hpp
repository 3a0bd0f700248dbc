#pragma once

#include "core/token_bucket.hpp"

#include <coroom/rate_limit.hpp>

#include <cstddef>

namespace coroom {

/// How a connection keeps to its limit.
enum class Pace {
  fine,      ///< it does
  too_fast,  ///< what it sent now is not to be heard
  flooding   ///< it has gone on for so long that it is to be closed
};

/// Watches what one connection sends. Pure.
class RateMeter {
 public:
  explicit RateMeter(const RateLimit& limit);

  /// So much has come.
  Pace take(std::size_t messages, std::size_t bytes, TokenBucket::TimePoint now);

 private:
  /// Of messages, or of bytes.
  struct Quota {
    explicit Quota(std::size_t per_second) : rate(Rate::with_ten_seconds_at_once(per_second)), bucket(rate) {}
    Pace take(double amount, TokenBucket::TimePoint now);

    Rate rate;
    TokenBucket bucket;
  };

  Quota messages_;
  Quota bytes_;
};

}  // namespace coroom
