#pragma once

#include <coroom/shared_bytes.hpp>
#include <coroom/slow_consumer.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <sys/uio.h>
#include <vector>

namespace coroom::detail::net {

/// Result of a push.
enum class Push {
  queued,
  dropped,   ///< queued, and older data was dropped for it: the reader is slow, and the policy allows that
  overflow,  ///< not queued: the reader is slow, and its connection should be closed
  closed     ///< not queued: no more data is accepted
};

struct QueueLimits {
  std::size_t bytes;  ///< of one session; a reader that has more bytes queued is slow
  SlowConsumer policy;

  bool operator==(const QueueLimits&) const = default;
};

/// The bytes that one connection still has to send, oldest first. Handles bytes, not frames: an entry stays
/// in one piece, and is never dropped once a part of it was sent. Pure: no socket, no clock.
class PendingWrites {
 public:
  enum class Kind {
    data,    ///< may be dropped as a whole before any of it was sent
    control  ///< never dropped
  };

  [[nodiscard]] bool empty() const { return first_ == writes_.size() && own_.empty(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  /// Returns whether there are so many small entries that they use far more memory than their bytes.
  [[nodiscard]] bool has_too_many(std::size_t limit) const;

  /// Returns bytes() without the rest of the oldest entry, if that entry alone exceeds the limit and was
  /// partly sent. It was accepted when the queue was empty, so its size does not make the reader slow.
  [[nodiscard]] std::size_t bytes_under(std::size_t limit) const;

  void add(SharedBytes bytes, Kind kind);

  /// Appends data of this connection alone, at most `most` bytes, which `write` appends to a string: without
  /// a copy, and behind earlier such data without a new entry.
  template <class Write>
  void append(std::size_t most, Write write) {
    const std::size_t before = own_.size();
    own_.reserve(before + most);
    write(own_);
    bytes_ += own_.size() - before;
  }

  /// Returns the number of entries that fit into the allocated memory.
  [[nodiscard]] std::size_t capacity() const { return writes_.capacity(); }

  /// Drops data, oldest first, until `wanted` bytes fit under `limit` or no droppable data is left. Returns
  /// the number of dropped entries.
  std::size_t drop_oldest(std::size_t wanted, std::size_t limit);
  void drop_all_data();
  void clear();

  /// Fills `parts` with the oldest bytes, in order, at most `most` bytes. Returns the number of parts it
  /// filled.
  [[nodiscard]] std::size_t gather(std::span<iovec> parts, std::size_t most) const;

  /// Returns the oldest bytes in one piece, at most `most` bytes. Copies them into `joined` if they are in
  /// several pieces.
  [[nodiscard]] std::span<const char> oldest(std::string& joined, std::size_t most);

  /// Removes the oldest `count` bytes, which the socket has accepted.
  void consume(std::size_t count);

 private:
  struct QueuedWrite {
    SharedBytes bytes;
    Kind kind;
  };

  [[nodiscard]] bool may_drop(std::size_t index) const;
  [[nodiscard]] std::size_t entries() const { return writes_.size() - first_ + (own_.empty() ? 0 : 1); }
  void seal_own();
  void release();

  std::vector<QueuedWrite> writes_;  // entries before first_ are already removed
  std::string own_;                  // behind them: the last entry, while it may grow
  std::size_t first_ = 0;
  std::size_t offset_ = 0;  // bytes of the first entry that were sent
  std::size_t bytes_ = 0;
};

}  // namespace coroom::detail::net
