#include "core/one_shot_signal.hpp"

#include "core/insist.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>

#include <utility>
#include <vector>

namespace coroom::detail {

/// The open signals of one execution context. Asio shuts it down before the older services of the context,
/// which run and destroy the coroutines.
class OneShotService final : public boost::asio::execution_context::service {
 public:
  using key_type = OneShotService;  // NOLINT(readability-identifier-naming): Asio's
  static inline boost::asio::execution_context::id id;

  explicit OneShotService(boost::asio::execution_context& context)
      : boost::asio::execution_context::service(context) {}

  void add(OneShotSignal& way) {
    const std::lock_guard<std::mutex> lock(mutex_);
    ways_.push_back(way);
  }
  void remove(OneShotSignal& way) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (way.is_linked()) way.unlink();
  }

 private:
  void shutdown() override {
    std::vector<std::shared_ptr<OneShotSignal::Waiter>> waiters;  // destroyed last: each removes its signal
    const std::lock_guard<std::mutex> lock(mutex_);
    while (!ways_.empty()) {
      OneShotSignal& way = ways_.front();
      ways_.pop_front();
      const std::lock_guard<std::mutex> own(way.mutex_);
      way.closed_ = true;
      way.executor_ = {};
      waiters.push_back(std::move(way.waiter_));
    }
  }

  std::mutex mutex_;
  boost::intrusive::list<OneShotSignal, boost::intrusive::constant_time_size<false>> ways_;
};

OneShotSignal::OneShotSignal(const boost::asio::any_io_executor& executor)
    : executor_(executor),
      service_(boost::asio::use_service<OneShotService>(
          boost::asio::query(executor, boost::asio::execution::context))) {
  service_.add(*this);
}

void OneShotSignal::close() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    // If it was closed already, the context may be destroyed, and this service with it.
    if (std::exchange(closed_, true)) return;
    executor_ = {};
  }
  service_.remove(*this);
}

/// If the waiter were not posted, its coroutine would be destroyed, and the caller of that coroutine would
/// never resume.
void OneShotSignal::post(const std::shared_ptr<Waiter>& waiter, boost::system::error_code ec) {
  insist("an answer", [&] { boost::asio::post(executor_, [waiter, ec] { waiter->complete(ec); }); });
}

void OneShotSignal::wake(boost::system::error_code ec, const std::function<bool()>& before) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (closed_ || !before() || !waiter_) return;
  post(waiter_, ec);
  // Under the lock, which the end of the context takes too: the waiter may count as work of the context.
  waiter_.reset();
}

void OneShotSignal::wait(std::shared_ptr<Waiter> waiter, const std::function<bool()>& is_ready) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (is_ready()) {
    post(waiter, {});
  } else {
    waiter_ = std::move(waiter);
  }
}

}  // namespace coroom::detail
