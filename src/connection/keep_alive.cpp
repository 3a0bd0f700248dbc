#include "connection/keep_alive.hpp"

#include <algorithm>

namespace coroom::detail::connection {

void KeepAlive::start(TimePoint now, Duration delay) {
  phase_ = times_.interval.count() == 0 ? Phase::stopped : Phase::quiet;
  due_ = now + delay;
}

bool KeepAlive::answered(TimePoint now) {
  if (phase_ != Phase::pinged && phase_ != Phase::heard) return false;
  phase_ = Phase::quiet;
  due_ = std::max(now, pinged_at_ + times_.interval);
  return true;
}

KeepAlive::Action KeepAlive::on_time(TimePoint now) {
  if (phase_ == Phase::heard && now >= due_) answered(now);
  if (phase_ == Phase::stopped || now < due_) return Action::wait;
  if (phase_ == Phase::pinged) return Action::overdue;
  phase_ = Phase::pinged;
  pinged_at_ = now;
  due_ = now + times_.timeout;
  return Action::ping;
}

}  // namespace coroom::detail::connection
