#pragma once

#include <coroom/settings.hpp>
#include <coroom/shared_bytes.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <sys/uio.h>
#include <vector>

namespace coroom::detail::net {

/// What became of bytes that were pushed.
enum class Push {
  queued,
  dropped,   ///< queued, and to make room older data was dropped: the reader is slow and the policy allows it
  overflow,  ///< not queued: the reader is slow, and should be told goodbye
  closed     ///< not queued: no data may follow any more
};

struct QueueLimits {
  std::size_t bytes = 1 << 20;  ///< a session; what waits beyond it makes the reader a slow one
  SlowConsumer policy = SlowConsumer::close;
};

/// The bytes that one connection has yet to send, oldest first. Knows bytes, not frames: what is added
/// together stays together, and what the socket has begun to take is never dropped. Pure: no socket, no
/// clock.
class PendingWrites {
 public:
  enum class Kind {
    data,    ///< may be dropped as a whole while none of it has been sent
    control  ///< never dropped
  };

  [[nodiscard]] bool empty() const { return first_ == writes_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  /// Whether so many wait that they take more memory than their bytes tell.
  [[nodiscard]] bool has_too_many(std::size_t limit) const;

  /// The same without what is left of the oldest, if that alone is over the limit and has been begun: it was
  /// let in when nothing waited, and whoever reads it is not slow for its size.
  [[nodiscard]] std::size_t bytes_under(std::size_t limit) const;

  void add(SharedBytes bytes, Kind kind);

  /// Entries that there is memory for.
  [[nodiscard]] std::size_t capacity() const { return writes_.capacity(); }

  /// Drops data, oldest first, until `wanted` bytes would fit under `limit` or nothing may be dropped any
  /// more. Gives how many entries went.
  std::size_t drop_oldest(std::size_t wanted, std::size_t limit);
  void drop_all_data();
  void clear();

  /// Fills `parts` with the oldest bytes, in order, `most` of them or fewer; gives how many parts it filled.
  [[nodiscard]] std::size_t gather(std::span<iovec> parts, std::size_t most) const;

  /// The oldest bytes in one piece, `most` of them or fewer; in `joined` if they are not in one piece
  /// already.
  [[nodiscard]] std::span<const char> oldest(std::string& joined, std::size_t most) const;

  /// The socket took the oldest `count` bytes.
  void consume(std::size_t count);

 private:
  struct QueuedWrite {
    SharedBytes bytes;
    Kind kind;
  };

  [[nodiscard]] bool may_drop(std::size_t index) const;
  void release();

  std::vector<QueuedWrite> writes_;  // those before first_ are gone
  std::size_t first_ = 0;
  std::size_t offset_ = 0;  // how much of the first has been taken
  std::size_t bytes_ = 0;
};

}  // namespace coroom::detail::net
