#pragma once

#include <coroom/task.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace coroom {

namespace detail {

/// Runs work without a result on another executor, as run_on() does.
task<> run_elsewhere(boost::asio::any_io_executor executor, task<> work);

template <class T>
task<> keep_result(task<T> work, std::shared_ptr<std::optional<T>> result) {
  result->emplace(co_await std::move(work));
}

}  // namespace detail

/// Runs a coroutine on another executor, and returns its result on the caller's executor (Tornado:
/// IOLoop.run_in_executor). Examples are a call that blocks, on a thread_pool, or a query on the io_context
/// of a database.
///
/// If the caller is cancelled, it does not wait any longer: the work continues, and its result is dropped. So
/// the work must own the data that it uses, and needs a time limit of its own. Asio's
/// `co_spawn(executor, work, use_awaitable)` does not replace it. With Boost 1.81, the other executor may
/// access a cancelled caller after its end.
///
/// Throws: the exceptions of the work. boost::system::system_error with operation_aborted if the caller is
/// cancelled, or if the executor's context ends before the work does.
template <class T>
[[nodiscard]] task<T> run_on(boost::asio::any_io_executor executor, task<T> work) {
  if constexpr (std::is_void_v<T>) {
    co_await detail::run_elsewhere(std::move(executor), std::move(work));
  } else {
    const auto result = std::make_shared<std::optional<T>>();
    co_await detail::run_elsewhere(std::move(executor), detail::keep_result(std::move(work), result));
    co_return std::move(**result);
  }
}

}  // namespace coroom
