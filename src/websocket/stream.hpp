#pragma once

#include "limits/byte_budget.hpp"
#include "net/pending_writes.hpp"
#include "websocket/frame.hpp"

#include <coroom/disconnect.hpp>
#include <coroom/framing.hpp>
#include <coroom/message.hpp>
#include <coroom/shared_bytes.hpp>
#include <coroom/task.hpp>

#include <tl/expected.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace coroom::detail::websocket {

/// The end of a stream, for the session's handler and the log.
struct End {
  /// closed: by a close frame from either side. violated: the peer broke the protocol or a limit, and got a
  /// close frame. lost: the connection broke, or the peer stopped answering.
  enum class Kind { closed, violated, lost };

  End() = default;
  End(Kind how, Disconnect with, std::string why)
      : kind(how), disconnect(std::move(with)), cause(std::move(why)) {}

  Kind kind = Kind::lost;
  Disconnect disconnect;
  std::string cause;  ///< for the log
};

/// The server's side of one WebSocket connection, without its transport. All calls must be made on the
/// connection's shard.
class Stream {
 public:
  using OnControl = std::function<void(Opcode, std::string_view)>;

  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  virtual ~Stream() = default;

  /// Sets the function that take() calls for each ping and pong.
  virtual void on_control(OnControl call) = 0;

  /// Returns the framing of outgoing messages, as negotiated in the handshake.
  [[nodiscard]] virtual const Framing& framing() const = 0;

  /// Returns the next whole message, or how the stream ended. Returns nullopt if no message is complete; the
  /// caller must then await readable(). Answers pings and close frames by itself.
  virtual std::optional<tl::expected<Message, End>> take() = 0;

  /// Queues a message as if the client had sent it, for transports whose client cannot send. Returns false if
  /// the transport does not support this, or too much input is queued.
  virtual bool receive(Message /*message*/, limits::HeldForOne /*held*/) { return false; }

  /// Returns the bytes queued for sending, and those queued by receive().
  [[nodiscard]] virtual std::size_t queued_bytes() const = 0;

  /// Returns the bytes queued for sending.
  [[nodiscard]] virtual std::size_t queued_output() const = 0;

  /// Returns the bytes that push() dropped since the last call (SlowConsumer::drop_oldest).
  [[nodiscard]] virtual std::size_t take_dropped_bytes() = 0;

  /// Completes when take() may have a result. Holds no buffer while it waits.
  virtual task<> readable() = 0;

  /// Queues encoded frames, which are sent at the end of the shard's turn.
  virtual net::Push push(SharedBytes frames) = 0;

  /// Returns the bytes that fit into the queue now without making the client a slow consumer.
  [[nodiscard]] virtual std::size_t room() const = 0;

  /// Returns whether `size` bytes fit into the queue now without making the client a slow consumer.
  [[nodiscard]] virtual bool has_room_for(std::size_t size) const = 0;

  /// Completes when `size` bytes fit, or when no data may be pushed any more.
  virtual task<> room_for(std::size_t size) = 0;

  /// Queues a ping; `payload` has at most 125 bytes. The pongs are reported by on_control().
  virtual net::Push ping(std::string_view payload) = 0;

  /// Sends a close frame; no data may follow it. A second call does nothing.
  virtual void close(Disconnect disconnect) = 0;

  /// Drops all unsent data, so that a close frame is sent at once.
  virtual void drop_data() = 0;

  /// Sends the queued data, shuts the socket down, and waits until no operation of the stream is pending.
  /// Called after take() has returned the end. Takes at most the handshake timeout and two seconds.
  virtual task<> finish() = 0;

  /// Closes the socket and so ends all pending operations.
  virtual void abort() = 0;

  /// Calls `lost` when the peer is lost, until stop_watching(). Needed while nothing is read, since only
  /// reads notice the loss.
  virtual void watch(std::function<void()> lost) = 0;
  virtual void stop_watching() = 0;

  /// Sets whether small writes are sent at once (TCP_NODELAY), as they are by default.
  virtual void set_nodelay(bool on) = 0;
};

}  // namespace coroom::detail::websocket
