#include "core/cancel_scope.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>

namespace coroom {

task<> CancelScope::run(task<> work) {
  namespace asio = boost::asio;
  const auto executor = co_await asio::this_coro::executor;
  running_ = true;
  cancelled_ = false;
  auto ended = asio::co_spawn(executor, std::move(work),
                              asio::bind_cancellation_slot(signal_.slot(), asio::use_awaitable));
  std::exception_ptr thrown;
  try {
    co_await std::move(ended);
  } catch (...) {
    thrown = std::current_exception();
  }
  running_ = false;
  if (thrown) std::rethrow_exception(thrown);
}

void CancelScope::cancel() {
  if (!running_ || cancelled_) return;
  cancelled_ = true;
  signal_.emit(boost::asio::cancellation_type::terminal);
}

}  // namespace coroom
