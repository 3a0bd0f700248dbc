#include "core/deadline.hpp"

#include <utility>

namespace coroom {

Deadline::Deadline(const boost::asio::any_io_executor& executor, std::function<void()> missed)
    : state_(std::make_shared<State>(State{boost::asio::steady_timer(executor), std::move(missed)})) {}

void Deadline::expires_after(std::chrono::milliseconds time) {
  state_->timer.expires_after(time);
  state_->timer.async_wait([weak = std::weak_ptr<State>(state_)](const boost::system::error_code& ec) {
    const auto state = weak.lock();
    // A handler that was on its way when the time was set anew finds a later expiry.
    if (ec || !state || state->timer.expiry() > std::chrono::steady_clock::now()) return;
    state->missed();
  });
}

void Deadline::cancel() {
  state_->timer.expires_at(boost::asio::steady_timer::time_point::max());
}

}  // namespace coroom
