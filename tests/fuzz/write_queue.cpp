// The write queue over a socket pair. In any order of pushes, partial writes, reads and waits, the accepted
// blocks arrive complete and in order. The input: limits, then operations.
#include "net/write_queue.hpp"

#include "fuzz/require.hpp"
#include "fuzz/try_input.hpp"
#include "net/shard.hpp"

#include <coroom/shared_bytes.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fuzzer/FuzzedDataProvider.h>
#include <span>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <vector>

namespace coroom::fuzz {
namespace {

using detail::net::Push;
using LocalSocket = boost::asio::local::stream_protocol::socket;

constexpr std::size_t largest = 20'000;             // bytes of a pushed block
constexpr std::size_t control_allowance = 1 << 14;  // as in the queue

/// The beginning of a pushed block. The low byte of the number fills the rest.
struct Head {
  std::uint32_t number;
  std::uint32_t size;
};

struct Entry {
  std::size_t size;
  bool is_control;
};

class Trial final : private detail::net::Pollable {
 public:
  explicit Trial(const detail::net::QueueLimits& limits) : limits_(limits) { far_.non_blocking(true); }
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;
  ~Trial() {
    socket_.close();
    while (shard().poll()) {
    }
  }

  void push(std::size_t size) {
    const bool fits = queue_.has_room_for(size);
    const Push verdict = queue_.push(next(size));
    require(!refused_ || verdict == Push::closed, "the queue accepts nothing more");
    require(refused_ || !fits || verdict == Push::queued, "the queue accepts a block that fits");
    require(verdict != Push::dropped || limits_.policy == SlowConsumer::drop_oldest, "nothing is dropped");
    // An overflow ends the session, so blocks that were dropped in vain need not arrive.
    if (limits_.policy == SlowConsumer::drop_oldest &&
        (verdict == Push::dropped || verdict == Push::overflow))
      lossy_ = true;
    if (verdict == Push::queued || verdict == Push::dropped) taken_.push_back({size, false});
  }

  void push_control(std::size_t size) {
    const Push verdict = queue_.push_control(next(size));
    require(!refused_ || verdict == Push::closed, "the queue accepts nothing more");
    if (verdict == Push::queued) taken_.push_back({size, true});
  }

  /// Sends at most `most` bytes, like an io_uring of the kernel.
  void send_some(std::size_t most) {
    std::array<iovec, 8> parts;
    const std::size_t count = queue_.gather(parts);
    if (count == 0) return;
    std::string bytes;
    for (const iovec& part : std::span(parts).first(count))
      bytes.append(static_cast<const char*>(part.iov_base), part.iov_len);
    const ssize_t result =
        ::send(queue_.descriptor(), bytes.data(), std::min(bytes.size(), most), MSG_DONTWAIT | MSG_NOSIGNAL);
    queue_.sent(result < 0 ? -errno : result);
  }

  std::size_t receive(std::size_t most) {
    std::array<char, 1 << 16> chunk;
    boost::system::error_code ec;
    const std::size_t size = far_.read_some(boost::asio::buffer(chunk, std::min(most, chunk.size())), ec);
    received_.append(chunk.data(), size);
    return size;
  }

  void turn() { shard().poll(); }
  void end_turn() { queue_.flush(); }

  void drop_data() {
    lossy_ = true;
    queue_.drop_data();
  }

  void refuse_more() {
    refused_ = true;
    queue_.refuse_more();
  }

  void check_limits() const {
    require(queue_.pending_bytes() <= limits_.bytes + control_allowance + largest,
            "the pending bytes are limited");
  }

  void finish() {
    for (bool more = true; more;) {
      queue_.flush();
      more = receive(1 << 16) != 0;
      more = shard().poll() || more || queue_.pending_bytes() != 0;
    }
    check_received();
  }

 private:
  static detail::net::Shard& shard() {
    static const SystemClock clock;
    static detail::net::Shard one(0, clock);
    return one;
  }

  void on_ready(const Readiness& readiness) override {
    if (readiness.writable) queue_.on_writable();
  }

  detail::net::DetachedSocket make_near() {
    LocalSocket near(shard().executor());
    boost::asio::local::connect_pair(near, far_);
    near.non_blocking(true);
    near.set_option(
        boost::asio::socket_base::send_buffer_size(1));  // the smallest possible size: a few thousand bytes
    return detail::net::DetachedSocket(near.release());
  }

  SharedBytes next(std::size_t size) const {
    if (size == 0) return share({});
    const Head head{static_cast<std::uint32_t>(taken_.size()), static_cast<std::uint32_t>(size)};
    std::string bytes(size, static_cast<char>(head.number));
    std::memcpy(bytes.data(), &head, sizeof head);
    return share(std::move(bytes));
  }

  void check_received() const {
    std::string_view rest = received_;
    std::size_t expected = 0;
    const auto skip_to = [&](std::size_t number) {
      for (; expected != number; ++expected)
        require(taken_[expected].size == 0 || (lossy_ && !taken_[expected].is_control),
                "blocks arrive in order");
    };
    while (!rest.empty()) {
      Head head{};
      require(rest.size() >= sizeof head, "blocks arrive complete");
      std::memcpy(&head, rest.data(), sizeof head);
      require(head.number >= expected && head.number < taken_.size(), "only accepted blocks arrive, once");
      skip_to(head.number);
      require(head.size == taken_[expected].size, "the size is that of the accepted block");
      const std::size_t size = head.size;
      require(size >= sizeof head && rest.size() >= size, "blocks arrive complete");
      const auto is_filler = [&](char byte) { return byte == static_cast<char>(head.number); };
      require(std::ranges::all_of(rest.substr(sizeof head, size - sizeof head), is_filler),
              "the bytes are those of the accepted block");
      rest.remove_prefix(size);
      ++expected;
    }
    skip_to(taken_.size());
  }

  detail::net::QueueLimits limits_;
  LocalSocket far_{shard().executor()};
  detail::net::PolledSocket socket_{make_near(), shard(), *this};
  detail::net::WriteQueue queue_{shard(), socket_, limits_};
  std::vector<Entry> taken_;
  std::string received_;
  bool lossy_ = false;
  bool refused_ = false;
};

}  // namespace

int try_input(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  const detail::net::QueueLimits limits{
      .bytes = input.ConsumeIntegralInRange<std::size_t>(1, largest),
      .policy = input.ConsumeBool() ? SlowConsumer::drop_oldest : SlowConsumer::close};
  Trial trial(limits);
  while (input.remaining_bytes() != 0) {
    const auto some = [&] { return input.ConsumeIntegralInRange<std::size_t>(0, largest); };
    const auto some_or_none = [](std::size_t size) { return size == 0 ? 0 : std::max(size, sizeof(Head)); };
    switch (input.ConsumeIntegralInRange(0, 15)) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4:
        trial.push(some_or_none(some()));
        break;
      case 5:
      case 6:
        trial.push_control(some_or_none(some() % 200));
        break;
      case 7:
      case 8:
        trial.end_turn();
        break;
      case 9:
        trial.turn();
        break;
      case 10:
      case 11:
        trial.receive(some());
        break;
      case 12:
      case 13:
        trial.send_some(1 + some());
        break;
      case 14:
        trial.drop_data();
        break;
      default:
        if (some() == 0) trial.refuse_more();
    }
    trial.check_limits();
  }
  trial.finish();
  return 0;
}

}  // namespace coroom::fuzz
