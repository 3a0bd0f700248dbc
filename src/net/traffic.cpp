#include "net/traffic.hpp"

#include <algorithm>
#include <functional>

namespace coroom::detail::net {

void Traffic::sent() {
  if (under_way_.empty()) return;
  const TimePoint now = std::chrono::steady_clock::now();
  for (const TimePoint taken : under_way_) {
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(now - taken);
    const auto bucket = std::ranges::lower_bound(DeliveryTimes::bounds, took);
    ++times_.counts[static_cast<std::size_t>(bucket - DeliveryTimes::bounds.begin())];
    times_.sum += took;
  }
  under_way_.clear();
}

void Traffic::add_to(Statistics& statistics) const {
  statistics.messages_sent += messages_sent_;
  DeliveryTimes& times = statistics.delivery_times;
  std::ranges::transform(times.counts, times_.counts, times.counts.begin(), std::plus<>());
  times.sum += times_.sum;
}

}  // namespace coroom::detail::net
