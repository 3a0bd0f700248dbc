#pragma once

#include "core/thrown.hpp"

#include <coroom/error.hpp>
#include <coroom/log.hpp>

#include <exception>
#include <type_traits>

namespace coroom::detail::room {

/// Calls a broker, which may be user code. Logs an exception and returns it as an error, so that the room
/// continues.
template <class Call>
std::invoke_result_t<Call&> unless_thrown(Call call) {
  std::exception_ptr thrown;
  try {
    co_return co_await call();
  } catch (...) {
    thrown = std::current_exception();
  }
  logging::error("a broker threw", {{"error", what_of(thrown)}});
  co_return failure(Errc::storage_failed, what_of(thrown));
}

}  // namespace coroom::detail::room
