#pragma once

#include "core/log.hpp"
#include "core/thrown.hpp"

#include <coroom/error.hpp>
#include <coroom/task.hpp>

#include <exception>
#include <utility>

namespace coroom::room {

/// Calls a broker, which may be a program's own: what it throws is an error, and the room goes on.
template <class T>
task<Result<T>> unless_thrown(task<Result<T>> call) {
  std::exception_ptr thrown;
  try {
    co_return co_await std::move(call);
  } catch (...) {
    thrown = std::current_exception();
  }
  log::error("a broker threw", {{"what", what_of(thrown)}});
  co_return failure(what_of(thrown));
}

}  // namespace coroom::room
