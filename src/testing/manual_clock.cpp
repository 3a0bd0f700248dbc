#include <coroom/testing.hpp>

#include <utility>
#include <vector>

namespace coroom::testing {

Clock::TimePoint ManualClock::now() const {
  return start_ + std::chrono::duration_cast<TimePoint::duration>(passed());
}

std::chrono::nanoseconds ManualClock::passed() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return passed_;
}

void ManualClock::call_at(std::chrono::nanoseconds when, std::function<void()> call) const {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (when > passed_) {
      calls_.emplace(when, std::move(call));
      return;
    }
  }
  call();
}

void ManualClock::advance(std::chrono::nanoseconds by) {
  std::vector<std::function<void()>> due;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    passed_ += by;
    const auto end = calls_.upper_bound(passed_);
    for (auto timer = calls_.begin(); timer != end; ++timer) due.push_back(std::move(timer->second));
    calls_.erase(calls_.begin(), end);
  }
  for (const auto& call : due) call();
}

}  // namespace coroom::testing
