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

/// How a stream ended, as the session tells its handler and the log.
struct End {
  /// closed: by a close frame, from either side. violated: the peer broke the protocol or a limit, and was
  /// told so. lost: the connection broke, or the peer fell silent.
  enum class Kind { closed, violated, lost };

  End() = default;
  End(Kind how, Disconnect with, std::string why)
      : kind(how), disconnect(std::move(with)), cause(std::move(why)) {}

  Kind kind = Kind::lost;
  Disconnect disconnect;
  std::string cause;  ///< for the log
};

/// The server's side of one WebSocket connection, without the transport below it. All calls come on the
/// connection's shard.
class Stream {
 public:
  using OnControl = std::function<void(Opcode, std::string_view)>;

  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  virtual ~Stream() = default;

  /// Called, while take() runs, for every ping and pong of the peer.
  virtual void on_control(OnControl call) = 0;

  /// Of what is pushed, as the handshake settled it.
  [[nodiscard]] virtual const Framing& framing() const = 0;

  /// The next whole message, or how the stream ended; nullopt: none has come, so await readable() first.
  /// Answers pings and closes by itself.
  virtual std::optional<tl::expected<Message, End>> take() = 0;

  /// Puts in a message as if it had come from the client, for streams whose client can't send by itself;
  /// false: it is not one, or too much waits already.
  virtual bool receive(Message /*message*/, limits::HeldForOne /*held*/) { return false; }

  /// Bytes that wait to be sent, or were put in and wait to be taken.
  [[nodiscard]] virtual std::size_t queued_bytes() const = 0;

  /// Ends when there may be something to take. Needs no buffer meanwhile.
  virtual task<> readable() = 0;

  /// Queues encoded frames; they are sent when the shard's turn ends.
  virtual net::Push push(SharedBytes frames) = 0;

  /// Bytes that would be queued now without making the reader a slow one.
  [[nodiscard]] virtual std::size_t room() const = 0;

  /// True if that many bytes would be queued now without making the reader a slow one.
  [[nodiscard]] virtual bool has_room_for(std::size_t size) const = 0;

  /// Ends when they would, or when nothing may be pushed any more.
  virtual task<> room_for(std::size_t size) = 0;

  /// Queues a ping; `payload` has 125 bytes at most. The answers come through on_control.
  virtual net::Push ping(std::string_view payload) = 0;

  /// Sends a close frame and lets no data follow it. Once: a second call does nothing.
  virtual void close(Disconnect disconnect) = 0;

  /// Forgets the data that has not been sent, so that a close frame goes out at once.
  virtual void drop_data() = 0;

  /// After take() told the end: sends what is queued, says goodbye to the socket, and waits until nothing of
  /// the stream runs any more. Bounded by the handshake timeout and two seconds.
  virtual task<> finish() = 0;

  /// Closes the socket; whatever waits on it ends.
  virtual void abort() = 0;

  /// While nobody reads, nobody notices that the peer is gone: from here on `lost` is called when it is,
  /// until stop_watching().
  virtual void watch(std::function<void()> lost) = 0;
  virtual void stop_watching() = 0;

  /// Whether small writes go out at once (TCP_NODELAY); they do unless told otherwise.
  virtual void set_nodelay(bool on) = 0;
};

}  // namespace coroom::detail::websocket
