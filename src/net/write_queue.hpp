#pragma once

#include "core/async_event.hpp"
#include "net/pending_writes.hpp"
#include "net/polled_socket.hpp"
#include "net/shard.hpp"
#include "net/turn.hpp"

#include <coroom/shared_bytes.hpp>
#include <coroom/task.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <sys/uio.h>
#include <utility>

namespace coroom::detail::net {

/// The write half of a session: queues all bytes written to it, and sends them at the end of the shard's turn
/// in as few sends as possible.
///
/// Control frames (including the handshake) and data frames arrive encoded and in one piece, so frames never
/// mix. With TLS, bytes that are sent together are encrypted together, so a turn is one send here too.
///
/// All calls must be made on the shard. No coroutine may wait in room_for() when it is destroyed.
class WriteQueue final : public Sender {
 public:
  /// The shard and the socket must outlive it.
  WriteQueue(Shard& shard, PolledSocket& socket, QueueLimits limits)
      : shard_(shard), socket_(socket), limits_(limits) {}

  /// Queues data frames for the end of the turn.
  Push push(SharedBytes frames);

  /// Queues data of this connection alone, of at most `size` bytes, which `write` appends to a string: like
  /// push(), but without a copy.
  template <class Write>
  Push append(std::size_t size, Write write) {
    const Push verdict = make_room(size);
    if (verdict == Push::queued || verdict == Push::dropped) {
      pending_.append(size, std::move(write));
      if (!is_blocked_) shard_.flush_at_turn_end(*this);
    }
    return verdict;
  }

  /// Queues control frames, which are never dropped, each whole.
  Push push_control(SharedBytes frames);

  /// Returns the bytes that push() dropped since the last call.
  [[nodiscard]] std::size_t take_dropped_bytes() { return std::exchange(dropped_bytes_, 0); }

  /// Returns how many bytes of data would be queued without a flush or a drop.
  [[nodiscard]] std::size_t room() const;

  /// Returns whether data of this size would be queued without a flush or a drop.
  [[nodiscard]] bool has_room_for(std::size_t size) const;

  /// Ends when has_room_for(size) is true, or when no more data is accepted.
  task<> room_for(std::size_t size);

  /// Rejects all further pushes.
  void refuse_more();

  /// Drops all data of which no part was sent.
  void drop_data() { pending_.drop_all_data(); }

  /// Sends, at the end of the turn, the output that a read may have caused: TLS replies by itself.
  void after_read();

  [[nodiscard]] std::size_t pending_bytes() const { return pending_.bytes() + output_size(); }

  /// Returns whether all queued bytes were sent, or cannot be sent any more.
  [[nodiscard]] bool is_drained() const { return all_sent() || state_ == State::failed; }

  /// Must be called when the socket accepts bytes again.
  void on_writable();

  /// Sends at once as much as the socket accepts.
  void flush();

  int descriptor() override { return socket_.descriptor(); }
  std::size_t gather(std::span<iovec> parts) override;
  void sent(std::ptrdiff_t result) override;

 private:
  enum class State : std::uint8_t {
    accepting,
    refusing,  ///< sends what is queued, and accepts no more
    failed     ///< the socket is broken
  };

  [[nodiscard]] std::size_t output_size() const;
  [[nodiscard]] bool all_sent() const { return pending_.empty() && output_size() == 0; }
  [[nodiscard]] std::size_t waiting_bytes() const;
  std::size_t gather_records(std::span<iovec> parts);
  Push make_room(std::size_t size);
  void enqueue(SharedBytes bytes, PendingWrites::Kind kind);
  void changed();
  void fail();

  Shard& shard_;
  PolledSocket& socket_;
  QueueLimits limits_;
  PendingWrites pending_;
  std::size_t dropped_bytes_ = 0;
  std::size_t asked_ = 0;  // bytes of the current send
  AsyncEvent has_room_;
  State state_ = State::accepting;
  bool is_blocked_ = false;  // until on_writable()
};

}  // namespace coroom::detail::net
