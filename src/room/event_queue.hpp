#pragma once

#include "net/shard.hpp"
#include "room/room_event.hpp"

#include <coroom/task.hpp>

#include <boost/asio/experimental/concurrent_channel.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

namespace coroom::detail::room {

/// The events that wait for the coroutine of a room: a bounded channel, which exists only while the coroutine
/// runs. Any thread may send; the coroutine receives.
class EventQueue {
 public:
  /// The result of a call that sends.
  enum class SendOutcome : std::uint8_t {
    queued,  ///< for the running coroutine
    first,   ///< queued, and the caller must begin the coroutine
    full,    ///< not queued, and the event is unchanged
    closed   ///< as above, and the queue takes no more events
  };

  /// Sends an event without waiting.
  SendOutcome try_send(RoomEvent& event, net::Shard& home, std::size_t capacity);

  /// A sender that waits while the channel is full. Keeps the channel and the coroutine until it is
  /// destroyed.
  class WaitingSender {
   public:
    WaitingSender(EventQueue& queue, net::Shard& home, std::size_t capacity);
    WaitingSender(const WaitingSender&) = delete;
    WaitingSender& operator=(const WaitingSender&) = delete;
    ~WaitingSender();

    /// Returns whether the caller must begin the coroutine.
    [[nodiscard]] bool is_first() const { return is_first_; }

    /// Returns false if the queue is closed.
    task<bool> send(RoomEvent event);

   private:
    EventQueue& queue_;
    bool is_first_ = false;
  };

  /// Returns whether the coroutine runs or is about to begin.
  [[nodiscard]] bool is_awake() const { return is_awake_.load(std::memory_order_relaxed); }

  /// These are for the coroutine, and for its shard while it runs.
  ///@{

  /// Returns whether an event waits.
  [[nodiscard]] bool is_ready() const { return channel_->ready(); }

  /// Calls `take` with the oldest event, if one waits. Returns whether it has.
  template <class Take>
  bool try_receive(Take take) {
    return channel_->try_receive(std::move(take));
  }

  /// Waits for an event, at least until other handlers have run. nullopt: the queue is closed.
  task<std::optional<RoomEvent>> receive();

  /// Destroys the channel if no event waits. Returns whether it has; the coroutine then ends.
  bool sleep();
  ///@}

  /// Takes no more events, and drops those that wait. Called on the shard.
  void close();

 private:
  using Channel = boost::asio::experimental::concurrent_channel<void(boost::system::error_code, RoomEvent)>;

  void wake(std::unique_ptr<Channel> channel);

  std::mutex mutex_;
  std::unique_ptr<Channel> channel_;  // made and destroyed under mutex_
  std::uint32_t senders_ = 0;         // that wait; guarded by mutex_
  bool is_closed_ = false;            // guarded by mutex_
  std::atomic<bool> is_awake_{false};
};

}  // namespace coroom::detail::room
