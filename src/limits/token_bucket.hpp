#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace coroom::detail::limits {

/// How much may be taken: so much a second on average, and so much at once.
struct Rate {
  double per_second = 0;  ///< 0: any amount
  double burst = 0;

  /// What limits of a rate allow: an average, and the worth of ten seconds at once.
  static Rate with_ten_seconds_at_once(std::size_t per_second) {
    const auto average = static_cast<double>(per_second);
    return {average, 10 * average};
  }
};

/// What is left of a rate to one who takes. Pure. Who finds something may take more than that, and owes the
/// rest.
class TokenBucket {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// A full one.
  explicit TokenBucket(const Rate& rate, TimePoint now = TimePoint()) : left_(rate.burst), at_(now) {}

  /// What there is now; at most the burst, and when something is owed, less than nothing.
  [[nodiscard]] double left(const Rate& rate, TimePoint now) const {
    if (now <= at_) return left_;
    const double seconds = std::chrono::duration<double>(now - at_).count();
    return std::min(rate.burst, left_ + seconds * rate.per_second);
  }

  /// Whether all that may be taken at once may.
  [[nodiscard]] bool is_full(const Rate& rate, TimePoint now) const {
    return rate.per_second == 0 || left(rate, now) >= rate.burst;
  }

  /// Takes it if something is left, be it less; false: nothing is, and nothing was taken.
  [[nodiscard]] bool try_take(const Rate& rate, double amount, TimePoint now) {
    if (rate.per_second == 0) return true;
    if (left(rate, now) <= 0) return false;
    take(rate, amount, now, std::max(rate.burst, amount));
    return true;
  }

  /// What is owed never becomes more than `most_owed`.
  void take(const Rate& rate, double amount, TimePoint now, double most_owed) {
    left_ = std::max(left(rate, now) - amount, -most_owed);
    at_ = std::max(at_, now);  // of two threads the one that looked at the clock first may come second
  }

 private:
  double left_;
  TimePoint at_;
};

}  // namespace coroom::detail::limits
