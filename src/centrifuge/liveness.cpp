#include "centrifuge/liveness.hpp"

#include "centrifuge/codes.hpp"
#include "core/sleep.hpp"

#include <algorithm>
#include <random>
#include <utility>

namespace coroom::detail::centrifuge {
namespace {

using std::chrono::milliseconds;

milliseconds somewhere_in_second_half(milliseconds interval) {
  thread_local std::minstd_rand generator(std::random_device{}());
  return milliseconds(std::uniform_int_distribution(interval.count() / 2, interval.count())(generator));
}

}  // namespace

Liveness::Liveness(const boost::asio::any_io_executor& executor, const Clock& clock,
                   const CentrifugeSettings& settings, std::function<void()> ping,
                   std::function<void(Disconnect)> lost)
    : clock_(clock),
      settings_(settings),
      ping_(std::move(ping)),
      lost_(std::move(lost)),
      deadline_(executor, clock, [this] { missed(); }) {
  deadline_.expires_after(settings_.connect_timeout);
}

void Liveness::connected() {
  phase_ = Phase::quiet;
  if (settings_.ping_interval.count() == 0) return deadline_.cancel();
  deadline_.expires_after(somewhere_in_second_half(settings_.ping_interval));
}

bool Liveness::pong() {
  if (phase_ != Phase::pinged) return false;
  phase_ = Phase::quiet;
  const auto since = std::chrono::duration_cast<milliseconds>(detail::timer_time(clock_) - pinged_at_);
  deadline_.expires_after(std::max(settings_.ping_interval - since, milliseconds(0)));
  return true;
}

milliseconds Liveness::patience() const {
  return std::min(settings_.pong_timeout, settings_.ping_interval);
}

void Liveness::missed() {
  try {
    act();
  } catch (const std::exception&) {  // std::bad_alloc, for example: no timer would check the client again
    lost_(disconnect::internal);
  }
}

void Liveness::act() {
  switch (phase_) {
    case Phase::connecting:
      return lost_(disconnect::stale);
    case Phase::pinged:
      if (busy_) return deadline_.expires_after(patience());
      return lost_(disconnect::no_pong);
    case Phase::quiet:
      phase_ = Phase::pinged;
      pinged_at_ = detail::timer_time(clock_);
      deadline_.expires_after(patience());
      ping_();
  }
}

}  // namespace coroom::detail::centrifuge
