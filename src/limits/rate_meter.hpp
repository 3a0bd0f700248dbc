#pragma once

#include <coroom/rate_limit.hpp>

#include <chrono>
#include <cstddef>

namespace coroom::detail::limits {

/// Measures messages and bytes received from one sender against a RateLimit, which the caller passes to each
/// call. Pure, and computes with integers alone.
class RateMeter {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// Counts received messages and bytes, even those above the rate.
  RateVerdict take(const RateLimit& limit, std::size_t messages, std::size_t bytes, TimePoint now);

  /// Counts bytes of a message that was counted before. Once none are left, further bytes are rejected and
  /// not counted.
  RateVerdict take_bytes(const RateLimit& limit, std::size_t bytes, TimePoint now);

  /// Returns whether a message would be accepted now.
  [[nodiscard]] bool has_left(const RateLimit& limit, TimePoint now) const {
    return messages_.has_left(limit.messages, now) && bytes_.has_left(limit.bytes, now);
  }

  /// Returns whether the whole burst is available.
  [[nodiscard]] bool is_full(const RateLimit& limit, TimePoint now) const {
    return messages_.is_full(limit.messages, now) && bytes_.is_full(limit.bytes, now);
  }

 private:
  /// The use of one rate by the generic cell rate algorithm (GCRA): the theoretical arrival time, at which
  /// the rate has earned back all that was taken.
  class RateUse {
   public:
    RateVerdict take(std::size_t per_second, std::size_t amount, TimePoint now);
    [[nodiscard]] bool has_left(std::size_t per_second, TimePoint now) const;
    [[nodiscard]] bool is_full(std::size_t per_second, TimePoint now) const {
      return per_second == 0 || arrival_ <= now;
    }

   private:
    TimePoint arrival_;
  };

  RateUse messages_;
  RateUse bytes_;
};

}  // namespace coroom::detail::limits
