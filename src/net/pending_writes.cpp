#include "net/pending_writes.hpp"

#include <algorithm>
#include <utility>

namespace coroom::detail::net {
namespace {

// A queue that was long once, or that is never empty, must not keep its memory forever.
constexpr std::size_t kept_capacity = 64;

constexpr std::size_t bytes_of_an_entry = 64;  // approximate memory, besides the bytes to send

bool are_too_many(std::size_t entries, std::size_t limit) {
  return entries > std::max(limit / bytes_of_an_entry, kept_capacity);
}

}  // namespace

void PendingWrites::add(SharedBytes bytes, Kind kind) {
  if (bytes->empty()) return;
  seal_own();
  const std::size_t size = bytes->size();
  writes_.push_back(QueuedWrite{std::move(bytes), kind});
  bytes_ += size;
}

std::size_t PendingWrites::bytes_under(std::size_t limit) const {
  if (first_ == writes_.size() || offset_ == 0) return bytes_;
  const std::size_t size = writes_[first_].bytes->size();
  return size > limit ? bytes_ - (size - offset_) : bytes_;
}

bool PendingWrites::has_too_many(std::size_t limit) const {
  return are_too_many(entries(), limit);
}

std::size_t PendingWrites::drop_oldest(std::size_t wanted, std::size_t limit) {
  seal_own();
  std::size_t dropped = 0;
  std::size_t kept = first_;
  for (std::size_t index = first_; index != writes_.size(); ++index) {
    const bool too_much =
        bytes_under(limit) + wanted > limit || are_too_many(writes_.size() - first_ - dropped, limit);
    if (too_much && may_drop(index)) {
      bytes_ -= writes_[index].bytes->size();
      ++dropped;
    } else {
      if (kept != index) writes_[kept] = std::move(writes_[index]);
      ++kept;
    }
  }
  writes_.erase(writes_.begin() + static_cast<std::ptrdiff_t>(kept), writes_.end());
  release();
  return dropped;
}

void PendingWrites::drop_all_data() {
  drop_oldest(1, 0);
}

void PendingWrites::clear() {
  std::string().swap(own_);
  first_ = writes_.size();
  offset_ = 0;
  bytes_ = 0;
  release();
}

std::size_t PendingWrites::gather(std::span<iovec> parts, std::size_t most) const {
  const std::size_t available = std::min(parts.size(), writes_.size() - first_);
  std::size_t count = 0;
  for (; count != available && most != 0; ++count) {
    const std::string& bytes = *writes_[first_ + count].bytes;
    const std::size_t taken = count == 0 ? offset_ : 0;
    const std::size_t size = std::min(bytes.size() - taken, most);
    parts[count] = {const_cast<char*>(bytes.data()) + taken, size};  // NOLINT: the kernel does not write it
    most -= size;
  }
  if (count == writes_.size() - first_ && count != parts.size() && most != 0 && !own_.empty()) {
    parts[count++] = {const_cast<char*>(own_.data()), std::min(own_.size(), most)};  // NOLINT: as above
  }
  return count;
}

std::span<const char> PendingWrites::oldest(std::string& joined, std::size_t most) {
  seal_own();
  if (empty()) return {};
  const std::span<const char> first = std::span(*writes_[first_].bytes).subspan(offset_);
  if (first.size() >= most || first.size() == bytes_) return first.first(std::min(first.size(), most));
  joined.reserve(std::min(bytes_, most));
  joined.assign(first.begin(), first.end());
  for (std::size_t index = first_ + 1; index != writes_.size() && joined.size() != most; ++index)
    joined.append(*writes_[index].bytes, 0, most - joined.size());
  return joined;
}

void PendingWrites::consume(std::size_t count) {
  bytes_ -= count;
  if (bytes_ == 0) {
    first_ = writes_.size();
    offset_ = 0;
    std::string().swap(own_);
    return release();
  }
  seal_own();  // a part of it may be sent
  while (count != 0) {
    const std::size_t left = writes_[first_].bytes->size() - offset_;
    if (count < left) {
      offset_ += count;
      break;
    }
    count -= left;
    offset_ = 0;
    writes_[first_++].bytes.reset();
  }
  release();
}

/// Makes the data of this connection an entry that grows no more.
void PendingWrites::seal_own() {
  if (own_.empty()) return;
  const auto sealed = std::make_shared<std::string>();
  writes_.push_back(QueuedWrite{sealed, Kind::data});
  sealed->swap(own_);  // last: the data is kept if there is no memory for it
}

bool PendingWrites::may_drop(std::size_t index) const {
  const bool begun = index == first_ && offset_ != 0;
  return writes_[index].kind == Kind::data && !begun;
}

void PendingWrites::release() {
  if (!empty()) {
    if (first_ < kept_capacity || first_ < writes_.size() / 2) return;
    writes_.erase(writes_.begin(), writes_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
    return;
  }
  writes_.clear();
  first_ = 0;
  if (writes_.capacity() > kept_capacity) writes_.shrink_to_fit();
}

}  // namespace coroom::detail::net
