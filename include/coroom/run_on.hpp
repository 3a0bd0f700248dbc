#pragma once

#include <coroom/task.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace coroom {

namespace detail {

/// run_on() of work without a result.
task<> run_elsewhere(boost::asio::any_io_executor executor, task<> work);

template <class T>
task<> keep_result(task<T> work, std::shared_ptr<std::optional<T>> result) {
  result->emplace(co_await std::move(work));
}

}  // namespace detail

/// Runs a coroutine on another executor, and returns its result on the caller's: a call that blocks on a
/// thread_pool, or a query on the io_context of a database (Tornado: IOLoop.run_in_executor). Throws what the
/// work throws, and operation_aborted if the executor's context ends before the work does.
///
/// The work is not cancelled with its caller, who does not wait for it then: it goes on, and its result is
/// dropped. So it owns what it uses, and has a limit of time of its own. Asio's
/// `co_spawn(executor, work, use_awaitable)` is not for that: with Boost 1.81 the other executor may touch a
/// caller that was cancelled and has ended.
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
