#pragma once

#include <coroom/task.hpp>

namespace coroom::detail {

/// Returns a task that ends at once with this result.
template <class T>
task<T> completed(T result) {
  co_return result;
}

}  // namespace coroom::detail
