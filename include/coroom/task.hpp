#pragma once

#include <coroom/asio_check.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>

namespace coroom {

/// A coroutine of coroom. It starts when it is awaited or spawned, and runs on the executor on which it was
/// started.
template <class T = void>
using task = boost::asio::awaitable<T>;

/// The completion token of coroom's own code. It returns errors in place of exceptions.
///
///     auto [ec, size] = co_await socket.async_read_some(buffer, as_result);
inline constexpr auto as_result = boost::asio::as_tuple(boost::asio::deferred);

}  // namespace coroom
