#pragma once

#include <memory>
#include <string>
#include <utility>

namespace coroom {

/// Immutable bytes that several queues share without a copy. Any thread may read them.
using SharedBytes = std::shared_ptr<const std::string>;

/// Returns shared bytes with this content.
inline SharedBytes share(std::string bytes) {
  return std::make_shared<const std::string>(std::move(bytes));
}

}  // namespace coroom
