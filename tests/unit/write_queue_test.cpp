#include "net/write_queue.hpp"

#include <coroom/shared_bytes.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <gtest/gtest.h>

#include <thread>

namespace coroom::detail::net {
namespace {

using LocalSocket = boost::asio::local::stream_protocol::socket;
using Queue = WriteQueue<LocalSocket>;

/// A shard that runs its turns on this thread, and a queue over one end of a socket pair.
class WriteQueueTest : public testing::Test {
 protected:
  WriteQueueTest() {
    boost::asio::local::connect_pair(near_, far_);
    near_.non_blocking(true);
    far_.non_blocking(true);
  }

  Queue make_queue(QueueLimits limits = {1 << 20, SlowConsumer::close}) {
    return Queue(shard_, std::move(near_), limits);
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

  /// Runs the shard until the coroutine has ended.
  void run(task<> work) {
    boost::asio::co_spawn(shard_.executor(), std::move(work),
                          [this](const std::exception_ptr&) { shard_.stop(); });
    shard_.run();
  }

  SystemClock clock_;
  Shard shard_{0, clock_};
  LocalSocket near_{shard_.executor()};
  LocalSocket far_{shard_.executor()};
};

TEST_F(WriteQueueTest, SendsInOrderAtTheEndOfTheTurn) {
  Queue queue = make_queue();
  EXPECT_EQ(queue.push(share("one ")), Push::queued);
  EXPECT_EQ(queue.push(share("two")), Push::queued);
  EXPECT_EQ(received(), "");
  queue.flush();
  EXPECT_EQ(received(), "one two");
  EXPECT_EQ(queue.pending_bytes(), 0);
}

TEST_F(WriteQueueTest, SendsMoreThanOneGatheredWriteHolds) {
  Queue queue = make_queue();
  std::string expected;
  for (int index = 0; index != 200; ++index) {
    expected += std::to_string(index);
    queue.push(share(std::to_string(index)));
  }
  queue.flush();
  EXPECT_EQ(received(), expected);
}

TEST_F(WriteQueueTest, ReportsOverflowAndKeepsQueuedData) {
  Queue queue = make_queue({1000, SlowConsumer::close});
  const SharedBytes block = share(std::string(300, 'x'));
  far_.set_option(boost::asio::socket_base::receive_buffer_size(1));
  Push verdict = Push::queued;
  std::size_t taken = 0;
  while ((verdict = queue.push(block)) == Push::queued) taken += block->size();
  EXPECT_EQ(verdict, Push::overflow);
  EXPECT_LE(queue.pending_bytes(), 1000);
  std::string all = received();
  while (queue.pending_bytes() != 0) {
    shard_.executor().context().run_one();
    queue.flush();
    all += received();
  }
  EXPECT_EQ(all + received(), std::string(taken, 'x'));
}

TEST_F(WriteQueueTest, DropsTheOldestAndKeepsTheNewest) {
  Queue queue = make_queue({1000, SlowConsumer::drop_oldest});
  bool dropped = false;
  for (int index = 0; index != 5000 && !dropped; ++index) {
    dropped = queue.push(share(std::string(300, 'x'))) == Push::dropped;
  }
  EXPECT_TRUE(dropped);
  EXPECT_EQ(queue.push(share("newest")), Push::queued);
  EXPECT_LE(queue.pending_bytes(), 1000);
  std::string all = received();
  while (queue.pending_bytes() != 0) {
    shard_.executor().context().run_one();
    queue.flush();
    all += received();
  }
  all += received();
  EXPECT_TRUE(all.ends_with("xnewest"));
}

TEST_F(WriteQueueTest, AcceptsAnOversizedBlockIfEmpty) {
  Queue queue = make_queue({10, SlowConsumer::close});
  EXPECT_EQ(queue.push(share(std::string(100, 'x'))), Push::queued);
  EXPECT_EQ(queue.push(share(std::string(100, 'y'))), Push::queued) << "the first block was sent meanwhile";
  queue.flush();
  EXPECT_EQ(received().size(), 200);
}

TEST_F(WriteQueueTest, RejectsWritesAfterTheCloseFrame) {
  Queue queue = make_queue();
  EXPECT_EQ(queue.push_control(share("close")), Push::queued);
  queue.refuse_more();
  EXPECT_EQ(queue.push(share("data")), Push::closed);
  EXPECT_EQ(queue.push_control(share("pong")), Push::closed);
  queue.flush();
  EXPECT_EQ(received(), "close");
}

TEST_F(WriteQueueTest, LimitsControlFramesOfASlowReader) {
  Queue queue = make_queue({1000, SlowConsumer::close});
  const SharedBytes pong = share(std::string(1000, 'p'));
  Push verdict = Push::queued;
  for (int index = 0; index != 5000 && verdict == Push::queued; ++index) verdict = queue.push_control(pong);
  EXPECT_EQ(verdict, Push::overflow);
}

TEST_F(WriteQueueTest, ClosesIfThePeerIsGone) {
  Queue queue = make_queue();
  far_.close();
  queue.push(share("lost"));
  queue.flush();
  EXPECT_EQ(queue.push(share("more")), Push::closed);
}

TEST_F(WriteQueueTest, DrainsToASlowReader) {
  Queue queue = make_queue({1 << 22, SlowConsumer::close});
  queue.push(share(std::string(1 << 21, 'x')));
  std::size_t size = 0;
  std::jthread reader([&] {
    far_.non_blocking(false);
    std::array<char, 65536> chunk;
    while (size < (1 << 21)) size += far_.read_some(boost::asio::buffer(chunk));
  });
  run(queue.drained());
  reader.join();
  EXPECT_EQ(size, 1 << 21);
}

}  // namespace
}  // namespace coroom::detail::net
