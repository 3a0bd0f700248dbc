#pragma once

#include <boost/circular_buffer.hpp>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace coroom::detail {

/// A queue of any length that takes no memory while it is empty. A std::deque takes half a kilobyte from its
/// construction on. Iterators and references are valid until the next push_back().
template <class T>
class CompactQueue {
 public:
  // NOLINTBEGIN(readability-identifier-naming): the names that algorithms demand
  using value_type = T;
  using const_iterator = typename boost::circular_buffer<T>::const_iterator;
  // NOLINTEND(readability-identifier-naming)

  /// Has no effect if it throws.
  T& push_back(T item) {
    if (items_.full()) items_.set_capacity(std::max(smallest_capacity, 2 * items_.capacity()));
    items_.push_back(std::move(item));
    return items_.back();
  }

  /// Removes the first or the last item. Releases the memory with the only one.
  ///@{
  void pop_front() {
    items_.pop_front();
    if (items_.empty()) release();
  }
  void pop_back() {
    items_.pop_back();
    if (items_.empty()) release();
  }
  ///@}

  [[nodiscard]] bool empty() const { return items_.empty(); }
  [[nodiscard]] std::size_t size() const { return items_.size(); }
  [[nodiscard]] std::size_t capacity() const { return items_.capacity(); }

  [[nodiscard]] T& front() { return items_.front(); }
  [[nodiscard]] const T& front() const { return items_.front(); }
  [[nodiscard]] T& operator[](std::size_t index) { return items_[index]; }
  [[nodiscard]] const T& operator[](std::size_t index) const { return items_[index]; }

  [[nodiscard]] auto begin() { return items_.begin(); }
  [[nodiscard]] auto end() { return items_.end(); }
  [[nodiscard]] auto begin() const { return items_.begin(); }
  [[nodiscard]] auto end() const { return items_.end(); }

 private:
  static constexpr std::size_t smallest_capacity = 4;

  void release() { boost::circular_buffer<T>().swap(items_); }

  boost::circular_buffer<T> items_;
};

}  // namespace coroom::detail
