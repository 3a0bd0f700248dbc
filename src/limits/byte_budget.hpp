#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace coroom::detail::limits {

/// A memory budget, in bytes, that many users share. Any thread may use it.
class ByteBudget {
 public:
  explicit ByteBudget(std::size_t most) : most_(most) {}  // 0: no limit

  ByteBudget(const ByteBudget&) = delete;
  ByteBudget& operator=(const ByteBudget&) = delete;
  ~ByteBudget() = default;

  /// Takes bytes. Returns false, and takes nothing, if the limit would be exceeded.
  [[nodiscard]] bool take(std::size_t bytes) {
    std::size_t used = used_.load(std::memory_order_relaxed);
    do {
      if (most_ != 0 && bytes > most_ - std::min(most_, used)) return false;
    } while (!used_.compare_exchange_weak(used, used + bytes, std::memory_order_relaxed));
    return true;
  }
  void give_back(std::size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }

  [[nodiscard]] std::size_t used() const { return used_.load(std::memory_order_relaxed); }

 private:
  const std::size_t most_;
  std::atomic<std::size_t> used_{0};
};

/// Bytes taken from a budget, which are given back when this object is destroyed.
class HeldBytes {
 public:
  HeldBytes() = default;
  HeldBytes(const HeldBytes&) = delete;
  HeldBytes& operator=(const HeldBytes&) = delete;

  HeldBytes(HeldBytes&& other) noexcept
      : budget_(std::move(other.budget_)), bytes_(std::exchange(other.bytes_, 0)) {}
  HeldBytes& operator=(HeldBytes&& other) noexcept {
    std::swap(budget_, other.budget_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~HeldBytes() {
    if (budget_) budget_->give_back(bytes_);
  }

  /// Takes bytes from a budget; must be called on an empty object. Returns false, and takes nothing, if the
  /// budget is exceeded. Without a budget it takes nothing and returns true.
  [[nodiscard]] bool take(std::shared_ptr<ByteBudget> budget, std::size_t bytes) {
    if (!budget) return true;
    if (!budget->take(bytes)) return false;
    budget_ = std::move(budget);
    bytes_ = bytes;
    return true;
  }

 private:
  std::shared_ptr<ByteBudget> budget_;
  std::size_t bytes_ = 0;
};

/// Bytes queued for one connection, taken from the budget of its address and from the global budget.
struct HeldForOne {
  HeldBytes of_address;
  HeldBytes of_all;
};

}  // namespace coroom::detail::limits
