#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace coroom::detail::limits {

/// An average amount a second and a burst.
struct Rate {
  double per_second = 0;  ///< 0: no limit
  double burst = 0;

  /// Returns a rate with an average and a burst of ten seconds' worth.
  static Rate with_ten_seconds_at_once(std::size_t per_second) {
    const auto average = static_cast<double>(per_second);
    return {average, 10 * average};
  }
};

/// The rest of a rate for one consumer. Pure. While something is left, a consumer may take more than that,
/// and owes the difference.
class TokenBucket {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// Starts full.
  explicit TokenBucket(const Rate& rate, TimePoint now = TimePoint()) : left_(rate.burst), at_(now) {}

  /// Returns the amount left now, at most the burst. A debt is negative.
  [[nodiscard]] double left(const Rate& rate, TimePoint now) const {
    if (now <= at_) return left_;
    const double seconds = std::chrono::duration<double>(now - at_).count();
    return std::min(rate.burst, left_ + seconds * rate.per_second);
  }

  /// Returns whether the whole burst is available.
  [[nodiscard]] bool is_full(const Rate& rate, TimePoint now) const {
    return rate.per_second == 0 || left(rate, now) >= rate.burst;
  }

  /// Takes an amount if anything is left, even if less than the amount. Returns false, and takes nothing, if
  /// nothing is left.
  [[nodiscard]] bool try_take(const Rate& rate, double amount, TimePoint now) {
    if (rate.per_second == 0) return true;
    if (left(rate, now) <= 0) return false;
    take(rate, amount, now, std::max(rate.burst, amount));
    return true;
  }

  /// Takes an amount. The debt never exceeds `most_owed`.
  void take(const Rate& rate, double amount, TimePoint now, double most_owed) {
    left_ = std::max(left(rate, now) - amount, -most_owed);
    at_ = std::max(at_, now);  // the thread that read the clock first may call last
  }

 private:
  double left_;
  TimePoint at_;
};

}  // namespace coroom::detail::limits
