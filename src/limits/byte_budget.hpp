#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace coroom::detail::limits {

/// Bytes of memory that many share. Any thread may use it.
class ByteBudget {
 public:
  explicit ByteBudget(std::size_t most) : most_(most) {}  // 0: any number

  ByteBudget(const ByteBudget&) = delete;
  ByteBudget& operator=(const ByteBudget&) = delete;
  ~ByteBudget() = default;

  /// Returns false, and takes nothing, if the limit would be exceeded.
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

/// Bytes that were taken from a budget, until this is destroyed.
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

  /// Takes them from a budget, if there is one, in place of none before; false: there are not as many left.
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

/// Bytes that wait for one connection, taken from the budget of its address and from that of all.
struct HeldForOne {
  HeldBytes of_address;
  HeldBytes of_all;
};

}  // namespace coroom::detail::limits
