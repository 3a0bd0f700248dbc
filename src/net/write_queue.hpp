#pragma once

#include "core/async_event.hpp"
#include "net/pending_writes.hpp"
#include "net/shard.hpp"
#include "net/socket.hpp"

#include <coroom/shared_bytes.hpp>
#include <coroom/task.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/socket_base.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <sys/uio.h>
#include <utility>

namespace coroom::detail::net {

/// The write half of a connection: a stream layer that queues all bytes written to it, and sends them at the
/// end of the shard's turn in as few sends as possible.
///
/// Control frames (including the handshake) and data frames arrive encoded and in one piece, so frames never
/// mix. `Next` is a non-blocking stream socket, possibly with TLS (tls_of). With TLS, bytes that are sent
/// together are encrypted together, so a turn is one send here too.
///
/// All calls come on the shard. Before the queue is destroyed, its owner must close the socket and await
/// settled().
template <class Next>
class WriteQueue final : public Sender {
 public:
  WriteQueue(Shard& shard, Next next, QueueLimits limits)
      : shard_(shard), next_(std::move(next)), limits_(limits) {}

  Next& next_layer() { return next_; }

  /// Queues data frames for the end of the turn.
  Push push(SharedBytes frames) {
    if (failed_ || refuses_more_) return Push::closed;
    Push verdict = Push::queued;
    if (!fits(frames->size())) {
      flush();  // a reader that keeps up is not slow because of many messages in one turn
      if (!fits(frames->size())) {
        if (limits_.policy == SlowConsumer::close) return Push::overflow;
        const std::size_t before = pending_.bytes();
        if (pending_.drop_oldest(frames->size(), limits_.bytes) != 0) verdict = Push::dropped;
        dropped_bytes_ += before - pending_.bytes();
        if (!fits(frames->size())) return Push::overflow;
      }
    }
    enqueue(std::move(frames), PendingWrites::Kind::data);
    return verdict;
  }

  /// Returns the bytes that push() dropped since the last call.
  [[nodiscard]] std::size_t take_dropped_bytes() { return std::exchange(dropped_bytes_, 0); }

  /// Queues control frames, which are never dropped, each whole.
  Push push_control(SharedBytes frames) {
    if (failed_ || refuses_more_) return Push::closed;
    const auto too_much = [&] {
      return waiting_bytes() + frames->size() > limits_.bytes + control_allowance ||
             pending_.has_too_many(limits_.bytes);
    };
    if (too_much()) flush();
    if (failed_) return Push::closed;
    if (too_much()) return Push::overflow;
    enqueue(std::move(frames), PendingWrites::Kind::control);
    return Push::queued;
  }

  /// Returns how many bytes of data would be queued without a flush or a drop.
  [[nodiscard]] std::size_t room() const {
    return all_sent() ? limits_.bytes : limits_.bytes - std::min(limits_.bytes, waiting_bytes());
  }

  /// Returns whether data of this size would be queued without a flush or a drop.
  [[nodiscard]] bool has_room_for(std::size_t size) const { return fits(size); }

  /// Ends when has_room_for(size) is true, or when no more data is accepted.
  task<> room_for(std::size_t size) {
    while (!fits(size) && !failed_ && !refuses_more_) co_await changed_.wait();
  }

  /// Rejects all further pushes.
  void refuse_more() {
    refuses_more_ = true;
    changed_.notify();
  }

  /// Drops all data of which no part was sent.
  void drop_data() { pending_.drop_all_data(); }

  /// Sends, at the end of the turn, the output that a read may have caused: TLS replies by itself.
  void after_read() {
    if (output_size() != 0 && !waiting_) shard_.flush_at_turn_end(*this);
  }

  [[nodiscard]] std::size_t pending_bytes() const { return pending_.bytes() + output_size(); }

  /// Ends when all queued bytes were sent or cannot be sent any more, or when give_up() was called.
  task<> drained() {
    while (!all_sent() && !failed_ && !given_up_) co_await changed_.wait();
  }

  /// Ends drained() without the unsent bytes.
  void give_up() {
    given_up_ = true;
    changed_.notify();
  }

  /// Ends when the queue has no outstanding operation on the socket.
  task<> settled() {
    while (waiting_) co_await changed_.wait();
  }

  /// Sends at once as much as the socket accepts.
  void flush() {
    while (send_once(*this) != 0) continue;
  }

  int descriptor() override { return next_.native_handle(); }

  std::size_t gather(std::span<iovec> parts) override {
    if (waiting_ || failed_) return 0;
    try {
      const std::size_t count =
          tls_ != nullptr ? gather_records(parts) : pending_.gather(parts, bytes_a_send);
      asked_ = size_of(parts.first(count));
      return count;
    } catch (const std::exception&) {  // out of memory: the queue is in no list of senders now
      fail();
      return 0;
    }
  }

  void sent(std::ptrdiff_t result) override {
    const bool would_block = result == -EAGAIN || result == -EWOULDBLOCK;
    if (result < 0 && !would_block) return fail();
    const std::size_t taken = would_block ? 0 : static_cast<std::size_t>(result);
    if (tls_ != nullptr) {
      tls_->consume(taken);
    } else {
      pending_.consume(taken);
    }
    if (taken != asked_) {
      wait_until_writable();
    } else if (all_sent()) {
      changed_.notify();
    } else {
      shard_.flush_at_turn_end(*this);
    }
  }

 private:
  static constexpr std::size_t control_allowance =
      1 << 14;  // bytes; so that a close frame fits after a full queue

  static constexpr std::size_t bytes_a_send = std::size_t{1} << 18;    // then other connections are served
  static constexpr std::size_t records_a_send = std::size_t{1} << 16;  // bytes encrypted at a time

  /// Returns the number of encrypted bytes that were not sent.
  [[nodiscard]] std::size_t output_size() const { return tls_ != nullptr ? tls_->output().size() : 0; }
  [[nodiscard]] bool all_sent() const { return pending_.empty() && output_size() == 0; }
  [[nodiscard]] std::size_t waiting_bytes() const {
    return pending_.bytes_under(limits_.bytes) + output_size();
  }

  /// Encrypts the oldest bytes once all encrypted bytes were sent. Encrypted bytes cannot be dropped any
  /// more.
  std::size_t gather_records(std::span<iovec> parts) {
    std::string joined;
    if (output_size() == 0 && !pending_.empty()) {
      const std::span<const char> oldest = pending_.oldest(joined, records_a_send);
      if (!tls_->write(oldest)) {
        fail();
        return 0;
      }
      pending_.consume(oldest.size());
    }
    const std::span<const char> output = tls_->output();
    if (output.empty()) return 0;
    parts[0] = {const_cast<char*>(output.data()), output.size()};  // NOLINT: the kernel does not write it
    return 1;
  }

  [[nodiscard]] bool fits(std::size_t size) const {
    // A block larger than the limit is still accepted if the queue is empty.
    return all_sent() || (waiting_bytes() + size <= limits_.bytes && !pending_.has_too_many(limits_.bytes));
  }

  void enqueue(SharedBytes bytes, PendingWrites::Kind kind) {
    pending_.add(std::move(bytes), kind);
    if (!waiting_) shard_.flush_at_turn_end(*this);
  }

  void wait_until_writable() {
    try {
      if (!self_) self_ = std::make_shared<WriteQueue*>(this);
      next_.async_wait(boost::asio::socket_base::wait_write,
                       [weak = std::weak_ptr<WriteQueue*>(self_)](boost::system::error_code ec) {
                         if (const auto self = weak.lock()) (*self)->writable(ec);
                       });
      waiting_ = true;
    } catch (const std::exception&) {  // out of memory
      fail();
    }
  }

  void writable(boost::system::error_code ec) {
    waiting_ = false;
    if (ec) {
      fail();
    } else {
      shard_.flush_at_turn_end(*this);
    }
    changed_.notify();
  }

  void fail() {
    failed_ = true;
    pending_.clear();
    // The reader must notice the failure too, since only the reader ends the session.
    boost::system::error_code ignored;
    next_.shutdown(boost::asio::socket_base::shutdown_both, ignored);
    changed_.notify();
  }

  Shard& shard_;
  Next next_;
  TlsSession* tls_ = tls_of(next_);  // nullptr: no TLS
  QueueLimits limits_;
  PendingWrites pending_;
  std::shared_ptr<WriteQueue*> self_;  // once it has waited: an owner that fails does not await settled()
  std::size_t dropped_bytes_ = 0;
  AsyncEvent changed_;     // for drained(), settled() and room_for()
  std::size_t asked_ = 0;  // bytes of the current send
  bool waiting_ = false;
  bool failed_ = false;
  bool refuses_more_ = false;
  bool given_up_ = false;
};

}  // namespace coroom::detail::net
