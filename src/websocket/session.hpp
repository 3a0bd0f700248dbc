#pragma once

#include "core/cancel_scope.hpp"
#include "limits/address_quota.hpp"
#include "limits/rate_meter.hpp"
#include "net/connection.hpp"
#include "net/pending_writes.hpp"
#include "net/shard.hpp"
#include "net/turn.hpp"
#include "websocket/stream.hpp"

#include <coroom/counters.hpp>
#include <coroom/disconnect.hpp>
#include <coroom/framing.hpp>
#include <coroom/message.hpp>
#include <coroom/rate_limit.hpp>
#include <coroom/shared_bytes.hpp>
#include <coroom/task.hpp>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string_view>

namespace coroom::detail::websocket {

class Session;

/// The handler of one session, implemented by an endpoint. The calls are made on the session's shard and
/// never overlap: open() once, then on_message() for each message. on_close() is called last, exactly once,
/// however the connection ended. An exception closes only its own connection, with 1011. A pending call is
/// cancelled when the peer is lost or the server's shutdown time is over.
class Handler {
 public:
  Handler() = default;
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;
  virtual ~Handler() = default;

  /// Called once, first. The session outlives the last call of the handler.
  virtual task<> open(Session& session) = 0;
  virtual task<> on_message(Message message) = 0;

  /// Called instead of on_message() for a message that exceeds the rate limit.
  virtual task<> on_too_fast(Message message) = 0;

  /// Completes once all coroutines that the handler has spawned are cancelled and have ended. Called before
  /// on_close(); never cancelled.
  virtual task<> join() { co_return; }

  virtual task<> on_close(Disconnect how) = 0;

  /// Called for each pong and each ping (already answered), between two messages. Must not block.
  virtual void on_control(Opcode kind, std::string_view payload) = 0;

  /// Queued data was dropped, since the client reads too slowly. Must not wait, nor push.
  virtual void on_dropped(std::size_t /*bytes*/) {}
};

/// One WebSocket connection: passes received messages to its handler and sends outgoing frames. All calls
/// must be made on its shard.
class Session final : public net::Connection, private net::TurnTask {
 public:
  struct Context {
    net::Shard& shard;
    Counters& counters;
    std::uint64_t connection;  ///< the number of the connection in the log
    boost::asio::ip::address peer;
    RateLimit rate_limit;
    std::shared_ptr<limits::AddressQuota> quota;  ///< of the peer's address; nullptr: no quota
    bool handler_counts = false;                  ///< the handler calls charge_received() for each command
    std::size_t reply_rate = 0;                   ///< bytes of large replies a second; 0: no limit
    /// Shared by all connections, for data that is queued for a single one.
    std::shared_ptr<limits::ByteBudget> queue_budget = nullptr;
  };

  Session(std::unique_ptr<Stream> stream, Context context);

  /// Returns the cancellation slot that run() must be spawned with.
  boost::asio::cancellation_slot cancellation() { return scope_.slot(); }

  /// Runs the session from the handshake, which the stream has answered, until the socket is closed. `this`
  /// and the handler must outlive it.
  task<> run(Handler& handler);

  [[nodiscard]] net::Shard& shard() { return context_.shard; }

  /// Charges received messages, with `bytes` in total, to this connection and to the quota of its address.
  /// Counts each refusal and logs the first one of a session.
  RateVerdict charge_received(std::size_t bytes, std::size_t messages = 1);

  /// Returns the quota of the peer's address; nullptr: no quota.
  [[nodiscard]] const std::shared_ptr<limits::AddressQuota>& quota() const { return context_.quota; }

  /// Queues encoded frames; never waits. A session that exceeds its queue limit is closed with 3008 or loses
  /// its oldest data, depending on its settings. The caller must not rely on delivery.
  net::Push push(SharedBytes frames);

  /// Sends encoded frames to this connection alone. Waits while its queue is full, so it never makes the
  /// client a slow consumer. Returns false if no data may follow any more.
  task<bool> write(SharedBytes frames);

  /// For replies that may cost much more than their command. The handler asks may_reply() before it makes
  /// one; write_reply() charges it.
  ///@{

  /// Waits until the queue has room for `bytes` or is empty. Returns false, without waiting, if earlier
  /// replies have exhausted the rate of this connection or its address.
  task<bool> may_reply(std::size_t bytes);

  /// Returns the most bytes that a reply may have now.
  [[nodiscard]] std::size_t reply_room() const { return stream_->room(); }

  /// Sends like write(), and charges the reply. Returns false, and sends nothing, if the queue budget of the
  /// address or of the server is exhausted.
  task<bool> write_reply(SharedBytes frames);
  ///@}

  /// Counts bytes (negative: no longer) that are queued for the client outside the session until pushed.
  void hold(std::ptrdiff_t bytes) { held_bytes_ += static_cast<std::size_t>(bytes); }

  /// Sends a ping with `payload`, at most 125 bytes (RFC 6455 section 5.5). Returns closed if no frame may
  /// follow any more.
  net::Push ping(std::string_view payload);

  /// Returns the framing of outgoing messages.
  [[nodiscard]] const Framing& framing() const { return stream_->framing(); }

  void set_nodelay(bool on) { stream_->set_nodelay(on); }

  /// Returns whether data may still be sent: no close frame was sent, and the connection has not ended.
  [[nodiscard]] bool is_open() const { return !closing_ && !ended_; }

  /// Returns the bytes that wait for the client, without those that a paused membership holds.
  [[nodiscard]] std::size_t queued_bytes() const { return stream_->queued_output(); }

  /// Accepts a message of the client that arrived outside its stream. Closes with 1009 if too much input is
  /// queued.
  void receive(Message message);

  /// Logs an exception of the handler and closes the connection with 1011.
  void fail(const std::exception_ptr& thrown);

  /// Drops the queued data of a slow consumer and closes the connection with 3008.
  void end_slow();

  /// Sends a close frame; no data follows it. The handler's on_close() is called later, when the connection
  /// has ended.
  void close(Disconnect disconnect);

  void stop() override;
  void abort() override;
  void add_to(Statistics& statistics) const override;

 private:
  task<> read_messages(Handler& handler, End& end);
  task<> handle(task<> call);
  void end_of_turn() override;
  [[nodiscard]] bool tell_of(const std::exception_ptr& thrown);
  task<End> read_to_end();
  [[nodiscard]] std::optional<limits::HeldForOne> hold_in_budgets(std::size_t bytes) const;
  void note_slow(std::string_view action);
  void note_end(const End& end);

  Handler* handler_ = nullptr;  // from the start of run() to the end of the connection
  std::unique_ptr<Stream> stream_;
  Context context_;
  limits::RateMeter meter_;
  limits::RateMeter control_meter_;  // of pings and pongs
  limits::RateMeter reply_meter_;
  CancelScope scope_;           // for calls of the handler
  std::size_t held_bytes_ = 0;  // queued outside the stream
  bool closing_ = false;        // a close frame is queued or sent
  bool ended_ = false;          // the stream has reported its end
  bool aborted_ = false;        // the shutdown time is over
  bool handling_ = false;       // a call of the handler is pending
  bool slow_ = false;
  bool fast_ = false;
};

}  // namespace coroom::detail::websocket
