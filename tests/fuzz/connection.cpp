// The server's side of a WebSocket without a socket: bytes of a client, times, pings and closes in any order.
// The input: limits, then operations. Checks that what the connection sends is valid, that nothing follows
// its close frame, and that it ends once and in time.
#include "connection/protocol.hpp"
#include "fuzz/require.hpp"
#include "fuzz/try_input.hpp"
#include "testkit/frame_reader.hpp"
#include "websocket/connection_state.hpp"

#include <coroom/disconnect.hpp>
#include <coroom/message.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fuzzer/FuzzedDataProvider.h>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace coroom::fuzz {
namespace {

using namespace std::chrono_literals;
using detail::connection::End;
using detail::connection::Protocol;
using detail::websocket::ConnectionLimits;
using detail::websocket::ConnectionState;

class Trial {
 public:
  explicit Trial(const ConnectionLimits& limits)
      : limits_(limits), state_(std::make_shared<const ConnectionLimits>(limits), std::nullopt, now_) {}

  /// Passes bytes on, as one read does.
  void receive(std::string bytes) {
    std::span<char> data(bytes);
    while (!has_ended_) {
      const bool was_open = state_.is_open();
      const std::size_t before = data.size();
      const auto event = state_.next(data, now_);
      require(data.size() <= before, "bytes are only taken");
      if (!event) break;
      if (const auto* message = std::get_if<Message>(&*event)) {
        require(was_open, "no message comes after a close");
        require(message->data.size() <= limits_.max_message_size, "a message is not longer than its limit");
      } else if (const auto* end = std::get_if<End>(&*event)) {
        end_by(*end);
      }
      check_output();
    }
    if (!has_ended_) require(data.empty(), "all bytes are taken");
  }

  void break_off() {
    if (!has_ended_) end_by(state_.on_read_error("broken"));
  }

  void close() {
    const bool was_open = state_.is_open();
    state_.close({close_code::normal, "bye"}, now_);
    require(!state_.is_open(), "a closed connection is not open");
    if (was_open) closed_at_ = now_;
    check_output();
  }

  void ping() {
    state_.ping("ping");
    check_output();
  }

  /// Lets time pass, with a look at each time that is due.
  void pass(std::chrono::nanoseconds time, bool reads, std::chrono::milliseconds silence) {
    const auto until = now_ + time;
    for (int calls = 0; !has_ended_ && state_.due() && *state_.due() <= until; ++calls) {
      require(calls < 10'000, "the time goes on");
      now_ = std::max(now_, *state_.due());
      switch (state_.on_time(now_, reads)) {
        case Protocol::TimeAction::none:
          break;
        case Protocol::TimeAction::check_peer:
          if (state_.is_lost_after(silence, now_)) break_off();
          break;
        case Protocol::TimeAction::give_up:
          require(now_ >= closed_at_ + limits_.close_timeout, "a client has its time to close");
          break_off();
      }
      check_output();
    }
    now_ = until;
  }

 private:
  void end_by(const End& end) {
    has_ended_ = true;
    check_output();
    require(!end.cause.empty(), "an end has a cause");
    require(end.kind != End::Kind::violated || is_closed_, "a violation is answered by a close frame");
  }

  /// The reader throws at any fault of a frame.
  void check_output() {
    const std::string bytes = state_.take_output();
    for (std::string_view rest = bytes; !rest.empty();) {
      require(!is_closed_, "nothing follows a close frame");
      const testkit::FrameView frame = reader_.next(rest);
      require(frame.size != 0, "frames are whole");
      require(frame.head.is_control(), "a connection sends control frames alone");
      is_closed_ = frame.head.opcode == 8;
      rest.remove_prefix(frame.size);
    }
    require(is_closed_ == !state_.is_open() || has_ended_, "a close frame ends what may be sent");
  }

  const ConnectionLimits limits_;
  std::chrono::nanoseconds now_{0};
  std::chrono::nanoseconds closed_at_{0};
  ConnectionState state_;
  testkit::FrameReader reader_{testkit::FrameSender::server};
  bool is_closed_ = false;
  bool has_ended_ = false;
};

}  // namespace

int try_input(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  const auto some_time = [&] { return std::chrono::milliseconds(input.ConsumeIntegralInRange(0, 100'000)); };
  Trial trial({.max_message_size = input.ConsumeIntegralInRange<std::size_t>(0, 1000),
               .message_timeout = some_time() + 100ms,
               .close_timeout = some_time() + 100ms,
               .pings = {.interval = some_time() + 100ms, .timeout = some_time() + 100ms}});
  while (input.remaining_bytes() != 0) {
    switch (input.ConsumeIntegralInRange(0, 7)) {
      case 0:
        trial.close();
        break;
      case 1:
        trial.ping();
        break;
      case 2:
        trial.pass(some_time(), input.ConsumeBool(), some_time());
        break;
      case 3:
        if (input.ConsumeIntegralInRange(0, 15) == 0) trial.break_off();
        break;
      default:
        trial.receive(input.ConsumeRandomLengthString(2000));
    }
  }
  return 0;
}

}  // namespace coroom::fuzz
