#include "room/event_queue.hpp"

#include <coroom/clock.hpp>

#include <gtest/gtest.h>

namespace coroom::detail::room {
namespace {

using SendOutcome = EventQueue::SendOutcome;

class EventQueueTest : public testing::Test {
 protected:
  SendOutcome send() {
    RoomEvent event;
    return queue_.try_send(event, shard_, 2);
  }

  bool receive() {
    return queue_.try_receive([](boost::system::error_code, const RoomEvent&) {});
  }

  SystemClock clock_;
  net::Shard shard_{0, clock_};
  EventQueue queue_;
};

TEST_F(EventQueueTest, IsAwakeFromTheFirstEventOn) {
  EXPECT_FALSE(queue_.is_awake());
  EXPECT_EQ(send(), SendOutcome::first) << "the sender begins the coroutine";
  EXPECT_TRUE(queue_.is_awake());
  EXPECT_EQ(send(), SendOutcome::queued);
}

TEST_F(EventQueueTest, IsBounded) {
  send();
  send();
  EXPECT_EQ(send(), SendOutcome::full);
  EXPECT_TRUE(receive());
  EXPECT_EQ(send(), SendOutcome::queued);
}

TEST_F(EventQueueTest, SleepsOnlyIfNoEventWaits) {
  send();
  EXPECT_FALSE(queue_.sleep());
  EXPECT_TRUE(receive());
  EXPECT_TRUE(queue_.sleep());
  EXPECT_FALSE(queue_.is_awake());
  EXPECT_EQ(send(), SendOutcome::first) << "it wakes again";
}

TEST_F(EventQueueTest, StaysAwakeForAWaitingSender) {
  {
    const EventQueue::WaitingSender sender(queue_, shard_, 2);
    EXPECT_TRUE(sender.is_first());
    EXPECT_FALSE(queue_.sleep());
  }
  EXPECT_TRUE(receive()) << "the end of the sender wakes the coroutine";
  EXPECT_TRUE(queue_.sleep());
}

TEST_F(EventQueueTest, TakesNothingOnceClosed) {
  queue_.close();
  EXPECT_EQ(send(), SendOutcome::closed);
  EXPECT_FALSE(queue_.is_awake());
  const EventQueue::WaitingSender sender(queue_, shard_, 2);
  EXPECT_FALSE(sender.is_first());
}

TEST_F(EventQueueTest, DropsWaitingEventsWhenClosed) {
  send();
  queue_.close();
  EXPECT_FALSE(receive());
  EXPECT_EQ(send(), SendOutcome::closed);
}

}  // namespace
}  // namespace coroom::detail::room
