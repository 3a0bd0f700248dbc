#pragma once

#include "centrifuge/reply.hpp"
#include "net/timer_queue.hpp"

#include <coroom/counters.hpp>
#include <coroom/disconnect.hpp>
#include <coroom/error.hpp>
#include <coroom/moderation.hpp>
#include <coroom/rate_limit.hpp>
#include <coroom/room.hpp>
#include <coroom/task.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace coroom::detail::centrifuge {

/// The connection that carries a client's frames, over WebSocket or a stream, and gives access to its rooms.
/// Belongs to the client's thread.
class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  virtual ~Transport() = default;

  /// Returns the encoding of all messages, both ways.
  [[nodiscard]] virtual Encoding encoding() const = 0;

  /// Sends messages in that encoding, joined by its separator. Waits while the client receives more slowly
  /// than the server sends.
  virtual task<> write(std::string messages) = 0;

  /// A large reply takes two steps: may_reply() before it is made, and write_reply() to charge and send it.
  ///@{

  /// Waits until the queue takes `bytes` at once, or is empty. Returns false if the client or its address has
  /// exceeded its quota of such replies.
  virtual task<bool> may_reply(std::size_t bytes) = 0;

  /// Returns the bytes that the queue takes at once.
  [[nodiscard]] virtual std::size_t reply_room() const = 0;

  /// Returns false if too much is queued for the client's address already; then nothing was sent.
  virtual task<bool> write_reply(std::string message) = 0;
  ///@}

  /// Sends messages like write() but without waiting, behind all messages written before.
  virtual void push(std::string_view messages) = 0;

  /// Runs a coroutine beside the client's commands. Cancels it when the connection ends, and waits for it.
  virtual void spawn(task<> work) = 0;

  /// Sends the reason to the client and closes the connection.
  virtual void close(const Disconnect& why) = 0;

  /// Returns the timers of the client's thread.
  virtual net::TimerQueue& timers() = 0;

  virtual Room room(std::string name) = 0;
  virtual task<Result<Membership>> join(Room room, JoinOptions options) = 0;

  /// The counters and the moderation of the server.
  virtual Counters& counters() = 0;
  virtual Moderation& moderation() = 0;

  /// Charges the client for `bytes` received as `messages` commands. Counts and logs excess.
  virtual RateVerdict charge_received(std::size_t bytes, std::size_t messages) = 0;

  /// Returns whether other connections of this thread have waited so long that the client should yield.
  [[nodiscard]] virtual bool should_yield() const = 0;

  /// Adds the transport's own fields to the reply to `connect`.
  virtual void introduce(ConnectResult& /*result*/) const {}

  /// Returns whether the server sends the protocol's own pings to this client.
  [[nodiscard]] virtual bool wants_pings() const = 0;
};

}  // namespace coroom::detail::centrifuge
