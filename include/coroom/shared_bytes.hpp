#pragma once

#include <memory>
#include <string>
#include <utility>

namespace coroom {

/// Bytes that are made once, never changed, and shared by every queue they wait in.
using SharedBytes = std::shared_ptr<const std::string>;

/// Takes bytes that are complete.
inline SharedBytes share(std::string bytes) {
  return std::make_shared<const std::string>(std::move(bytes));
}

}  // namespace coroom
