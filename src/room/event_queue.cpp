#include "room/event_queue.hpp"

#include "core/insist.hpp"

#include <utility>

namespace coroom::detail::room {

EventQueue::SendOutcome EventQueue::try_send(RoomEvent& event, net::Shard& home, std::size_t capacity) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (is_closed_) return SendOutcome::closed;
  // The channel moves from the event only if it has room.
  if (channel_) {
    const bool sent = channel_->try_send(boost::system::error_code(), std::move(event));
    return sent ? SendOutcome::queued : SendOutcome::full;
  }
  auto channel = std::make_unique<Channel>(home.executor(), capacity);
  channel->try_send(boost::system::error_code(), std::move(event));
  wake(std::move(channel));
  return SendOutcome::first;
}

void EventQueue::wake(std::unique_ptr<Channel> channel) {
  channel_ = std::move(channel);
  is_awake_ = true;
}

EventQueue::WaitingSender::WaitingSender(EventQueue& queue, net::Shard& home, std::size_t capacity)
    : queue_(queue) {
  const std::lock_guard<std::mutex> lock(queue_.mutex_);
  if (!queue_.channel_ && !queue_.is_closed_) {
    queue_.wake(std::make_unique<Channel>(home.executor(), capacity));
    is_first_ = true;
  }
  ++queue_.senders_;
}

/// Wakes the coroutine, which may have waited for this sender alone.
EventQueue::WaitingSender::~WaitingSender() {
  const std::lock_guard<std::mutex> lock(queue_.mutex_);
  if (--queue_.senders_ != 0 || !queue_.channel_) return;
  detail::insist("a wakeup of a room",
                 [this] { queue_.channel_->try_send(boost::system::error_code(), RoomEvent()); });
}

task<bool> EventQueue::WaitingSender::send(RoomEvent event) {
  if (!queue_.is_awake()) co_return false;
  const auto [ec] =
      co_await queue_.channel_->async_send(boost::system::error_code(), std::move(event), as_result);
  co_return !ec;
}

task<std::optional<RoomEvent>> EventQueue::receive() {
  auto [ec, event] = co_await channel_->async_receive(as_result);
  if (ec) co_return std::nullopt;
  co_return std::move(event);
}

bool EventQueue::sleep() {
  std::unique_ptr<Channel> ended;  // destroyed without the lock
  const std::lock_guard<std::mutex> lock(mutex_);
  if (channel_->ready() || senders_ != 0) return false;
  is_awake_ = false;
  ended = std::move(channel_);
  return true;
}

void EventQueue::close() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_closed_ = true;
  }
  if (!channel_) return;
  channel_->close();
  while (channel_->try_receive([](boost::system::error_code, const RoomEvent&) {})) {
  }
}

}  // namespace coroom::detail::room
