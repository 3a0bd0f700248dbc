#include "net/poller.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace coroom::detail::net {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using LocalSocket = boost::asio::local::stream_protocol::socket;

/// One end of a socket pair, which records what the poller reports.
class WatchedSocket final : public Pollable {
 public:
  WatchedSocket(boost::asio::io_context& context, Poller& poller)
      : poller_(poller), near_(context), far(context) {
    boost::asio::local::connect_pair(near_, far);
    near_.non_blocking(true);
    poller_.add(near_.native_handle(), *this);
  }
  WatchedSocket(const WatchedSocket&) = delete;
  WatchedSocket& operator=(const WatchedSocket&) = delete;
  ~WatchedSocket() { poller_.remove(near_.native_handle(), *this); }

  void on_ready(const Readiness& readiness) override {
    std::string what;
    if (readiness.readable) what += 'r';
    if (readiness.ending) what += 'e';
    if (readiness.writable) what += 'w';
    if (readiness.lost) what += 'l';
    reports.push_back(what);
    if (then) then();
  }

  /// Returns the reports since the last call.
  std::vector<std::string> take() { return std::exchange(reports, {}); }

  std::function<void()> then;
  std::vector<std::string> reports;

 private:
  Poller& poller_;
  LocalSocket near_;

 public:
  LocalSocket far;
};

class PollerTest : public testing::Test {
 protected:
  /// Runs a turn. Returns the number of calls.
  std::size_t poll() {
    poller_.begin_turn();
    return poller_.collect() ? poller_.dispatch(std::chrono::steady_clock::now() + std::chrono::hours(1)) : 0;
  }

  boost::asio::io_context context_;
  int wakes_ = 0;
  Poller poller_{context_, [this] { ++wakes_; }};
};

TEST_F(PollerTest, ReportsEachChangeOnce) {
  WatchedSocket socket(context_, poller_);
  EXPECT_EQ(poll(), 1);
  EXPECT_THAT(socket.take(), ElementsAre("w")) << "a new socket can be written to";
  EXPECT_EQ(poll(), 0);
  boost::asio::write(socket.far, boost::asio::buffer("hello", 5));
  poll();
  EXPECT_THAT(socket.take(), ElementsAre("rw"));
  EXPECT_EQ(poll(), 0) << "although nothing was read";
  boost::asio::write(socket.far, boost::asio::buffer("more", 4));
  poll();
  EXPECT_THAT(socket.take(), ElementsAre("rw"));
}

TEST_F(PollerTest, ReportsTheEndAndTheLoss) {
  WatchedSocket socket(context_, poller_);
  poll();
  socket.take();
  socket.far.shutdown(LocalSocket::shutdown_send);
  poll();
  EXPECT_THAT(socket.take(), ElementsAre("rew"));
  socket.far.close();
  poll();
  EXPECT_THAT(socket.take(), ElementsAre("rewl"));
}

TEST_F(PollerTest, CallsSoonAndOnce) {
  WatchedSocket socket(context_, poller_);
  poll();
  socket.take();
  poller_.call_soon(socket);
  poller_.call_soon(socket);
  EXPECT_THAT(socket.take(), IsEmpty());
  EXPECT_TRUE(poller_.has_calls());
  EXPECT_EQ(poll(), 1);
  EXPECT_THAT(socket.take(), ElementsAre(""));
  EXPECT_FALSE(poller_.has_calls());
}

TEST_F(PollerTest, LeavesNewCallsToTheNextTurn) {
  WatchedSocket socket(context_, poller_);
  poll();
  socket.then = [&] { poller_.call_soon(socket); };
  poller_.call_soon(socket);
  EXPECT_EQ(poll(), 1);
  EXPECT_TRUE(poller_.has_calls());
  EXPECT_FALSE(poller_.collect()) << "in the same turn";
  EXPECT_EQ(poll(), 1);
}

TEST_F(PollerTest, ForgetsASocketThatAnotherCallDestroys) {
  auto one = std::make_unique<WatchedSocket>(context_, poller_);
  auto two = std::make_unique<WatchedSocket>(context_, poller_);
  int calls = 0;
  one->then = [&] {
    ++calls;
    two.reset();
  };
  two->then = [&] {
    ++calls;
    one.reset();
  };
  EXPECT_EQ(poll(), 1);
  EXPECT_EQ(calls, 1);
}

TEST_F(PollerTest, OutlivesAnExceptionOfACall) {
  WatchedSocket one(context_, poller_);
  WatchedSocket two(context_, poller_);
  one.then = two.then = [] { throw std::runtime_error("on purpose"); };
  EXPECT_EQ(poll(), 2);
}

TEST_F(PollerTest, LeavesTheRestWhenTheTimeIsOver) {
  WatchedSocket socket(context_, poller_);
  WatchedSocket other(context_, poller_);
  poller_.call_soon(other);
  poller_.begin_turn();
  EXPECT_TRUE(poller_.collect());
  EXPECT_EQ(poller_.dispatch(std::chrono::steady_clock::now()), 0);
  EXPECT_TRUE(poller_.collect());
  EXPECT_EQ(poll(), 3);
}

TEST_F(PollerTest, WakesTheContextOnce) {
  WatchedSocket socket(context_, poller_);
  poll();
  poller_.arm();
  context_.poll();
  wakes_ = 0;
  poller_.arm();
  boost::asio::write(socket.far, boost::asio::buffer("hello", 5));
  context_.poll();
  context_.poll();
  EXPECT_EQ(wakes_, 1);
}

TEST_F(PollerTest, KeepsNoWorkOnceDisarmed) {
  WatchedSocket socket(context_, poller_);
  poll();
  poller_.arm();
  poller_.disarm();
  context_.run();  // ends
}

}  // namespace
}  // namespace coroom::detail::net
