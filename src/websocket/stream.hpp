#pragma once

#include "net/pending_writes.hpp"

#include <coroom/compression.hpp>
#include <coroom/disconnect.hpp>
#include <coroom/error.hpp>
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
#include <vector>

namespace coroom::websocket {

/// An upgrade request as the handshake needs it.
struct Handshake {
  Handshake() = default;

  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::pair<std::string, std::string>> answer;  ///< fields to add to the 101
};

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

/// The server's side of one WebSocket connection, without the templates of the transport below it.
/// All calls come on the connection's shard. accept(), read() and finish() are awaited one after the other,
/// by one coroutine; push(), close() and abort() may come at any time between.
class Stream {
 public:
  enum class Control { ping, pong };
  using OnControl = std::function<void(Control, std::string_view)>;

  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  virtual ~Stream() = default;

  /// Called for every ping and pong of the peer, while read() waits. Set before accept().
  virtual void on_control(OnControl call) = 0;

  /// Answers the upgrade with 101.
  virtual task<Result<>> accept(Handshake handshake) = 0;

  /// How data frames are compressed, as the handshake settled it; nullopt: not at all.
  [[nodiscard]] virtual const std::optional<Deflate>& deflate() const = 0;

  /// The next whole message, or how the stream ended. Answers pings and closes by itself.
  virtual task<tl::expected<Message, End>> read() = 0;

  /// Queues encoded frames; they are sent when the shard's turn ends.
  virtual net::Push push(SharedBytes frames) = 0;

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

  /// After read() told the end: sends what is queued, says goodbye to the socket, and waits until nothing of
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

}  // namespace coroom::websocket
