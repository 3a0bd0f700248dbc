#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>

namespace coroom::net {

/// Bytes that many may hold together. Any thread may use it.
class Budget {
 public:
  /// 0: any number of bytes.
  explicit Budget(std::size_t limit) : limit_(limit) {}

  /// Returns false, and takes nothing, if the limit would be exceeded.
  [[nodiscard]] bool take(std::size_t bytes) {
    std::size_t held = held_.load(std::memory_order_relaxed);
    do {
      if (limit_ != 0 && bytes > limit_ - std::min(limit_, held)) return false;
    } while (!held_.compare_exchange_weak(held, held + bytes, std::memory_order_relaxed));
    return true;
  }

  void give_back(std::size_t bytes) { held_.fetch_sub(bytes, std::memory_order_relaxed); }

  [[nodiscard]] std::size_t held() const { return held_.load(std::memory_order_relaxed); }

 private:
  const std::size_t limit_;
  std::atomic<std::size_t> held_{0};
};

}  // namespace coroom::net
