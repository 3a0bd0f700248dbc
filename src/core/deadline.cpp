#include "core/deadline.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace coroom::detail {

Deadline::Deadline(const boost::asio::any_io_executor& executor, std::function<void()> missed)
    : state_(std::make_shared<State>(boost::asio::steady_timer(executor), nullptr, std::move(missed))) {}

Deadline::Deadline(const boost::asio::any_io_executor& executor, const Clock& clock,
                   std::function<void()> missed)
    : state_(std::make_shared<State>(boost::asio::steady_timer(executor), &clock, std::move(missed))) {}

void Deadline::expires_after(std::chrono::nanoseconds time) {
  const std::uint64_t set = ++state_->set;
  const std::weak_ptr<State> weak = state_;
  const Clock* clock = state_->clock;
  if (clock != nullptr && clock->has_timers()) {
    return clock->call_at(clock->passed() + time, [weak, set, executor = state_->timer.get_executor()] {
      boost::asio::post(executor, [weak, set] { expire(weak, set); });
    });
  }
  state_->timer.expires_after(time);
  state_->timer.async_wait([weak, set](const boost::system::error_code& ec) {
    if (!ec) expire(weak, set);
  });
}

/// Ignores a handler that was already queued when the deadline was set again or cancelled.
void Deadline::expire(const std::weak_ptr<State>& weak, std::uint64_t set) {
  const auto state = weak.lock();
  if (state && state->set == set) state->missed();
}

void Deadline::cancel() {
  ++state_->set;
  state_->timer.expires_at(boost::asio::steady_timer::time_point::max());
}

}  // namespace coroom::detail
