#include "net/write_queue.hpp"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <string>
#include <utility>

namespace coroom::detail::net {
namespace {

constexpr std::size_t control_allowance = 1 << 14;  // bytes; so that a close frame fits after a full queue
constexpr std::size_t bytes_a_send = std::size_t{1} << 18;    // then other connections are served
constexpr std::size_t records_a_send = std::size_t{1} << 16;  // bytes encrypted at a time

}  // namespace

Push WriteQueue::push(SharedBytes frames) {
  const Push verdict = make_room(frames->size());
  if (verdict == Push::queued || verdict == Push::dropped)
    enqueue(std::move(frames), PendingWrites::Kind::data);
  return verdict;
}

/// Returns whether data of this size may be queued, and makes room for it where the limits allow that.
Push WriteQueue::make_room(std::size_t size) {
  if (state_ != State::accepting) return Push::closed;
  if (has_room_for(size)) return Push::queued;
  flush();  // a reader that keeps up is not slow because of many messages in one turn
  if (state_ != State::accepting) return Push::closed;
  if (has_room_for(size)) return Push::queued;
  if (limits_.policy == SlowConsumer::close) return Push::overflow;
  const std::size_t before = pending_.bytes();
  const bool dropped = pending_.drop_oldest(size, limits_.bytes) != 0;
  dropped_bytes_ += before - pending_.bytes();
  if (!has_room_for(size)) return Push::overflow;
  return dropped ? Push::dropped : Push::queued;
}

Push WriteQueue::push_control(SharedBytes frames) {
  if (state_ != State::accepting) return Push::closed;
  const auto too_much = [&] {
    return waiting_bytes() + frames->size() > limits_.bytes + control_allowance ||
           pending_.has_too_many(limits_.bytes);
  };
  if (too_much()) flush();
  if (state_ == State::failed) return Push::closed;
  if (too_much()) return Push::overflow;
  enqueue(std::move(frames), PendingWrites::Kind::control);
  return Push::queued;
}

std::size_t WriteQueue::room() const {
  return all_sent() ? limits_.bytes : limits_.bytes - std::min(limits_.bytes, waiting_bytes());
}

/// A block larger than the limit is still accepted if the queue is empty.
bool WriteQueue::has_room_for(std::size_t size) const {
  return all_sent() || (waiting_bytes() + size <= limits_.bytes && !pending_.has_too_many(limits_.bytes));
}

task<> WriteQueue::room_for(std::size_t size) {
  while (!has_room_for(size) && state_ == State::accepting) co_await has_room_.wait();
}

void WriteQueue::refuse_more() {
  if (state_ == State::accepting) state_ = State::refusing;
  has_room_.notify();
}

void WriteQueue::after_read() {
  if (output_size() != 0 && !is_blocked_) shard_.flush_at_turn_end(*this);
}

void WriteQueue::on_writable() {
  if (!std::exchange(is_blocked_, false)) return;
  shard_.flush_at_turn_end(*this);
}

void WriteQueue::flush() {
  while (send_once(*this) != 0) continue;
}

std::size_t WriteQueue::gather(std::span<iovec> parts) {
  if (is_blocked_ || state_ == State::failed) return 0;
  try {
    const std::size_t count =
        socket_.tls() != nullptr ? gather_records(parts) : pending_.gather(parts, bytes_a_send);
    asked_ = size_of(parts.first(count));
    return count;
  } catch (const std::exception&) {  // out of memory: the queue is in no list of senders now
    fail();
    return 0;
  }
}

/// Encrypts the oldest bytes once all encrypted bytes were sent. Encrypted bytes cannot be dropped any more.
std::size_t WriteQueue::gather_records(std::span<iovec> parts) {
  TlsSession& tls = *socket_.tls();
  std::string joined;
  if (output_size() == 0 && !pending_.empty()) {
    const std::span<const char> oldest = pending_.oldest(joined, records_a_send);
    if (!tls.write(oldest)) {
      fail();
      return 0;
    }
    pending_.consume(oldest.size());
  }
  const std::span<const char> output = tls.output();
  if (output.empty()) return 0;
  parts[0] = {const_cast<char*>(output.data()), output.size()};  // NOLINT: the kernel does not write it
  return 1;
}

void WriteQueue::sent(std::ptrdiff_t result) {
  const bool would_block = result == -EAGAIN || result == -EWOULDBLOCK;
  if (result < 0 && !would_block) return fail();
  const std::size_t taken = would_block ? 0 : static_cast<std::size_t>(result);
  try {
    if (socket_.tls() != nullptr) {
      socket_.tls()->consume(taken);
    } else {
      pending_.consume(taken);
    }
  } catch (const std::exception&) {  // out of memory
    return fail();
  }
  if (taken != asked_) {
    is_blocked_ = true;
  } else if (!all_sent()) {
    shard_.flush_at_turn_end(*this);
  }
  changed();
}

/// Returns the number of encrypted bytes that were not sent.
std::size_t WriteQueue::output_size() const {
  return socket_.tls() != nullptr ? socket_.tls()->output().size() : 0;
}

std::size_t WriteQueue::waiting_bytes() const {
  return pending_.bytes_under(limits_.bytes) + output_size();
}

void WriteQueue::enqueue(SharedBytes bytes, PendingWrites::Kind kind) {
  pending_.add(std::move(bytes), kind);
  if (!is_blocked_) shard_.flush_at_turn_end(*this);
}

void WriteQueue::changed() {
  has_room_.notify();
  if (state_ != State::accepting && is_drained()) shard_.call_soon(socket_.owner());
}

/// The owner notices the failure as a loss of the connection, by its next read.
void WriteQueue::fail() {
  state_ = State::failed;
  pending_.clear();
  socket_.shutdown();
  changed();
}

}  // namespace coroom::detail::net
