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

/// What an endpoint does with a connection. The calls come one after the other, on the session's shard:
/// open() once, then on_message() for each message, the next one not before it has ended, and last
/// on_close(), exactly once, whatever ended the connection. An exception ends its own connection with 1011
/// and no other. A call that still waits when the peer is lost, or when the server's time to shut down is
/// over, is cancelled.
class Handler {
 public:
  Handler() = default;
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;
  virtual ~Handler() = default;

  /// The session outlives the handler's last call.
  virtual task<> open(Session& session) = 0;
  virtual task<> on_message(Message message) = 0;

  /// In place of on_message(): it came too fast to be heard.
  virtual task<> on_too_fast(Message message) = 0;

  /// Ends when all that the handler has spawned is cancelled and has ended; comes before on_close(). It is
  /// not cancelled.
  virtual task<> join() { co_return; }

  virtual task<> on_close(Disconnect how) = 0;

  /// A ping (already answered) or a pong came. Between two messages; must not wait.
  virtual void on_control(Opcode kind, std::string_view payload) = 0;
};

/// One WebSocket connection: reads messages and hands them to its handler; carries what is written to it.
/// Lives on one shard; every call comes there.
class Session final : public net::Connection, private net::TurnTask {
 public:
  struct Context {
    net::Shard& shard;
    Counters& counters;
    std::uint64_t connection;  ///< names it in the log
    boost::asio::ip::address peer;
    RateLimit rate_limit;
    std::shared_ptr<limits::AddressQuota> quota;  ///< of the peer's address; nullptr: none is kept
    bool handler_counts = false;  ///< asks charge_received() itself, for each that a message holds
    std::size_t reply_rate = 0;   ///< bytes of large replies a second; 0: any number
    std::shared_ptr<limits::ByteBudget> queue_budget = nullptr;  ///< of what waits for each connection alone
  };

  Session(std::unique_ptr<Stream> stream, Context context);

  /// What run() is spawned with.
  boost::asio::cancellation_slot cancellation() { return scope_.slot(); }

  /// From the handshake, which the stream has answered, to the end of the socket. `this` and the handler
  /// outlive it.
  task<> run(Handler& handler);

  [[nodiscard]] net::Shard& shard() { return context_.shard; }

  /// So much has come as one message, or as so many, of this connection and of its address. Counts it, and
  /// logs the first that is too much.
  RateVerdict charge_received(std::size_t bytes, std::size_t messages = 1);

  /// Of the peer's address; nullptr: none is kept.
  [[nodiscard]] const std::shared_ptr<limits::AddressQuota>& quota() const { return context_.quota; }

  /// Queues encoded frames; never waits. A session over its queue limit is closed with 3008, or loses its
  /// oldest data, as its settings say. Must not be followed by anything that depends on delivery.
  net::Push push(SharedBytes frames);

  /// Sends encoded frames to this connection alone: waits while its queue is full, so that it never makes
  /// its reader a slow one. False when nothing may follow any more.
  task<bool> write(SharedBytes frames);

  /// What may cost much more than its command is asked for before it is made, and paid for when it is
  /// written.
  ///@{

  /// Waits until the queue has room for so many bytes, or nothing in it. False: this connection, or its
  /// address, has to make up for earlier replies first.
  task<bool> may_reply(std::size_t bytes);

  /// Bytes that a reply may have now.
  [[nodiscard]] std::size_t reply_room() const { return stream_->room(); }

  /// As write(). False: too much waits for the address, or for all, and this was not sent.
  task<bool> write_reply(SharedBytes frames);
  ///@}

  /// So much more, or less, is held for the client elsewhere until it is pushed.
  void hold(std::ptrdiff_t bytes) { held_bytes_ += static_cast<std::size_t>(bytes); }

  /// `payload`: 125 bytes at most (RFC 6455 section 5.5). Closed: nothing may follow any more.
  net::Push ping(std::string_view payload);

  /// Of what is pushed or written.
  [[nodiscard]] const Framing& framing() const { return stream_->framing(); }

  void set_nodelay(bool on) { stream_->set_nodelay(on); }

  /// True until a close frame has come or gone.
  [[nodiscard]] bool is_open() const { return !closing_ && !ended_; }

  /// A message of the client that came another way; one too many ends the connection (1009).
  void receive(Message message);

  /// Something of the handler threw: a log line, and the connection is closed with 1011.
  void fail(const std::exception_ptr& thrown);

  /// The client takes less than it is sent: what waits is dropped, and it is closed with 3008.
  void end_slow();

  /// Sends a close frame; no data follows it. The handler's on_close() comes later, when the connection has
  /// ended.
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

  std::unique_ptr<Stream> stream_;
  Context context_;
  limits::RateMeter meter_;
  limits::RateMeter control_meter_;  // of pings and pongs
  limits::RateMeter reply_meter_;
  CancelScope scope_;           // of the handler's calls
  std::size_t held_bytes_ = 0;  // outside the stream
  bool closing_ = false;        // a close frame of ours is on its way
  bool ended_ = false;          // the stream has told its end
  bool aborted_ = false;        // the time to finish is over
  bool handling_ = false;       // the handler has a call to finish
  bool slow_ = false;
  bool fast_ = false;
};

}  // namespace coroom::detail::websocket
