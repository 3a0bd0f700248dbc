#include "net/write_queue.hpp"

#include <coroom/shared_bytes.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>

namespace coroom::detail::net {
namespace {

using LocalSocket = boost::asio::local::stream_protocol::socket;

/// A shard that runs its turns on this thread, and a queue over one end of a socket pair.
class WriteQueueTest : public testing::Test, public Pollable {
 protected:
  WriteQueueTest() {
    boost::asio::local::connect_pair(near_, far_);
    near_.non_blocking(true);
    far_.non_blocking(true);
  }

  WriteQueue& make_queue(QueueLimits limits = {1 << 20, SlowConsumer::close}) {
    socket_.emplace(DetachedSocket(near_.release()), shard_, *this);
    return queue_.emplace(shard_, *socket_, limits);
  }

  /// Returns the bytes that have reached the far end.
  std::string received() {
    std::string all;
    std::array<char, 65536> chunk;
    boost::system::error_code ec;
    while (const std::size_t size = far_.read_some(boost::asio::buffer(chunk), ec))
      all.append(chunk.data(), size);
    return all;
  }

  /// Runs turns, and reads all that arrives, until nothing is queued. Returns what was read.
  std::string drain() {
    std::string all = received();
    while (queue_->pending_bytes() != 0) {
      shard_.poll();
      queue_->flush();
      all += received();
    }
    return all + received();
  }

  int calls_ = 0;  // of the owner, with nothing new

  SystemClock clock_;
  Shard shard_{0, clock_};
  LocalSocket near_{shard_.executor()};
  LocalSocket far_{shard_.executor()};
  std::optional<PolledSocket> socket_;
  std::optional<WriteQueue> queue_;

 private:
  void on_ready(const Readiness& readiness) override {
    if (readiness.writable) queue_->on_writable();
    if (!readiness.writable && !readiness.readable) ++calls_;
  }
};

TEST_F(WriteQueueTest, SendsInOrderAtTheEndOfTheTurn) {
  WriteQueue& queue = make_queue();
  EXPECT_EQ(queue.push(share("one ")), Push::queued);
  EXPECT_EQ(queue.push(share("two")), Push::queued);
  EXPECT_EQ(received(), "");
  queue.flush();
  EXPECT_EQ(received(), "one two");
  EXPECT_EQ(queue.pending_bytes(), 0);
}

TEST_F(WriteQueueTest, SendsMoreThanOneGatheredWriteHolds) {
  WriteQueue& queue = make_queue();
  std::string expected;
  for (int index = 0; index != 200; ++index) {
    expected += std::to_string(index);
    queue.push(share(std::to_string(index)));
  }
  queue.flush();
  EXPECT_EQ(received(), expected);
}

TEST_F(WriteQueueTest, ReportsOverflowAndKeepsQueuedData) {
  WriteQueue& queue = make_queue({1000, SlowConsumer::close});
  const SharedBytes block = share(std::string(300, 'x'));
  far_.set_option(boost::asio::socket_base::receive_buffer_size(1));
  Push verdict = Push::queued;
  std::size_t taken = 0;
  while ((verdict = queue.push(block)) == Push::queued) taken += block->size();
  EXPECT_EQ(verdict, Push::overflow);
  EXPECT_LE(queue.pending_bytes(), 1000);
  EXPECT_EQ(drain(), std::string(taken, 'x'));
}

TEST_F(WriteQueueTest, DropsTheOldestAndKeepsTheNewest) {
  WriteQueue& queue = make_queue({1000, SlowConsumer::drop_oldest});
  bool dropped = false;
  for (int index = 0; index != 5000 && !dropped; ++index) {
    dropped = queue.push(share(std::string(300, 'x'))) == Push::dropped;
  }
  EXPECT_TRUE(dropped);
  EXPECT_EQ(queue.push(share("newest")), Push::queued);
  EXPECT_LE(queue.pending_bytes(), 1000);
  EXPECT_TRUE(drain().ends_with("xnewest"));
}

TEST_F(WriteQueueTest, AcceptsAnOversizedBlockIfEmpty) {
  WriteQueue& queue = make_queue({10, SlowConsumer::close});
  EXPECT_EQ(queue.push(share(std::string(100, 'x'))), Push::queued);
  EXPECT_EQ(queue.push(share(std::string(100, 'y'))), Push::queued) << "the first block was sent meanwhile";
  queue.flush();
  EXPECT_EQ(received().size(), 200);
}

TEST_F(WriteQueueTest, RejectsWritesAfterTheCloseFrame) {
  WriteQueue& queue = make_queue();
  EXPECT_EQ(queue.push_control(share("close")), Push::queued);
  queue.refuse_more();
  EXPECT_EQ(queue.push(share("data")), Push::closed);
  EXPECT_EQ(queue.push_control(share("pong")), Push::closed);
  queue.flush();
  EXPECT_EQ(received(), "close");
}

TEST_F(WriteQueueTest, LimitsControlFramesOfASlowReader) {
  WriteQueue& queue = make_queue({1000, SlowConsumer::close});
  const SharedBytes pong = share(std::string(1000, 'p'));
  Push verdict = Push::queued;
  for (int index = 0; index != 5000 && verdict == Push::queued; ++index) verdict = queue.push_control(pong);
  EXPECT_EQ(verdict, Push::overflow);
}

TEST_F(WriteQueueTest, ClosesIfThePeerIsGone) {
  WriteQueue& queue = make_queue();
  far_.close();
  queue.push(share("lost"));
  queue.flush();
  EXPECT_EQ(queue.push(share("more")), Push::closed);
}

TEST_F(WriteQueueTest, CallsItsOwnerOnceDrained) {
  WriteQueue& queue = make_queue({1 << 22, SlowConsumer::close});
  queue.push(share(std::string(1 << 21, 'x')));
  queue.refuse_more();
  queue.flush();
  shard_.poll();
  EXPECT_FALSE(queue.is_drained());
  EXPECT_EQ(calls_, 0);
  EXPECT_EQ(drain().size(), 1 << 21);
  shard_.poll();
  EXPECT_TRUE(queue.is_drained());
  EXPECT_EQ(calls_, 1);
}

TEST_F(WriteQueueTest, ResumesAWriterOnceThereIsRoom) {
  WriteQueue& queue = make_queue({1000, SlowConsumer::close});
  const SharedBytes block = share(std::string(900, 'x'));
  while (queue.has_room_for(900)) {
    queue.push(block);
    queue.flush();
  }
  bool ended = false;
  boost::asio::co_spawn(shard_.executor(), queue.room_for(900),
                        [&ended](const std::exception_ptr&) { ended = true; });
  shard_.poll();
  EXPECT_FALSE(ended);
  drain();
  while (shard_.poll()) continue;
  EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace coroom::detail::net
