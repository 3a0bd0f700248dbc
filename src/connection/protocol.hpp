#pragma once

#include "connection/end.hpp"
#include "limits/byte_budget.hpp"

#include <coroom/disconnect.hpp>
#include <coroom/framing.hpp>
#include <coroom/message.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace coroom::detail::connection {

/// A ping or pong of the client.
struct ControlFrame {
  enum class Kind { ping, pong };

  Kind kind;
  std::string payload;
};

/// The state machine of one connection, without its socket. Its owner reads, writes and sleeps: it passes
/// received bytes and the time on, sends take_output(), and calls on_time() when due() is reached.
class Protocol {
 public:
  using TimePoint = std::chrono::nanoseconds;  ///< as detail::timer_time() returns it
  using ProtocolEvent = std::variant<Message, ControlFrame, End>;

  enum class TimeAction {
    none,
    check_peer,  ///< no byte was read since the ping: call is_lost_after()
    give_up      ///< close the socket
  };

  explicit Protocol(const Framing& framing) : framing_(framing) {}
  Protocol(const Protocol&) = delete;
  Protocol& operator=(const Protocol&) = delete;
  virtual ~Protocol() = default;

  /// Takes bytes from the front of `data`, and changes them, up to the next event. Returns nullopt once all
  /// bytes are taken. Must not be called after an End.
  virtual std::optional<ProtocolEvent> next(std::span<char>& data, TimePoint now) = 0;

  /// Returns the end of a connection that cannot be read any more.
  virtual End on_read_error(std::string_view cause) = 0;

  /// Begins the end of the connection. No data may be sent behind the output of the first call; further calls
  /// do nothing.
  virtual void close(Disconnect disconnect, TimePoint now) = 0;

  /// Returns whether data may be sent: close() was not called, and the end is unknown.
  [[nodiscard]] virtual bool is_open() const = 0;

  /// Writes a ping with at most 125 bytes of payload. Returns false if the protocol has no pings.
  virtual bool ping(std::string_view payload) = 0;

  /// Acts on the time. `reads`: the client is read; otherwise its answer may wait unread.
  virtual TimeAction on_time(TimePoint now, bool reads) = 0;

  /// Returns when to call on_time(); nullopt: never.
  [[nodiscard]] virtual std::optional<TimePoint> due() const = 0;

  /// Answers TimeAction::check_peer: the kernel has received nothing from the client for this time. Returns
  /// whether the client counts as lost.
  virtual bool is_lost_after(std::chrono::milliseconds /*silence*/, TimePoint /*now*/) { return false; }

  /// Adds a message of the client that another request has brought; next() returns it. `held` is its share of
  /// the budgets. Returns false if the protocol has no such messages, or too many bytes of them wait.
  virtual bool receive(Message /*message*/, limits::HeldForOne /*held*/) { return false; }

  /// Returns the bytes of messages that next() has not returned yet.
  [[nodiscard]] virtual std::size_t queued_input() const { return 0; }

  /// Returns whether the socket must be read to its end before it is closed: the client may still be sending,
  /// and a close with unread bytes would discard the last output.
  [[nodiscard]] virtual bool lingers() const = 0;

  /// Returns the framing of outgoing messages.
  [[nodiscard]] const Framing& framing() const { return framing_; }

  /// Returns control frames to send at once, and forgets them.
  [[nodiscard]] std::string take_output() { return std::exchange(output_, {}); }
  [[nodiscard]] bool has_output() const { return !output_.empty(); }

 protected:
  std::string output_;

 private:
  Framing framing_;
};

}  // namespace coroom::detail::connection
