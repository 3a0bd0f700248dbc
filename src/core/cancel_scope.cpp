#include "core/cancel_scope.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace coroom::detail {

task<> CancelScope::run(task<> part) {
  running_ = true;
  cancelled_ = false;
  std::exception_ptr thrown;
  try {
    co_await std::move(part);
  } catch (...) {
    thrown = std::current_exception();
  }
  running_ = false;
  // The code after the scope may wait again.
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::enable_terminal_cancellation());
  if (thrown) std::rethrow_exception(thrown);
}

void CancelScope::cancel() {
  if (!running_ || cancelled_) return;
  cancelled_ = true;
  signal_.emit(boost::asio::cancellation_type::terminal);
}

}  // namespace coroom::detail
