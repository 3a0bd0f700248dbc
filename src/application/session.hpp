#pragma once

#include "application/connection_ref.hpp"
#include "connection/protocol.hpp"
#include "core/call_runner.hpp"
#include "core/owned_tasks.hpp"
#include "core/routine.hpp"
#include "core/task_group.hpp"
#include "http/response.hpp"
#include "limits/address_quota.hpp"
#include "limits/byte_budget.hpp"
#include "limits/rate_meter.hpp"
#include "net/connection.hpp"
#include "net/pending_writes.hpp"
#include "net/polled_socket.hpp"
#include "net/shard.hpp"
#include "net/timer_queue.hpp"
#include "net/write_queue.hpp"

#include <coroom/connection_handler.hpp>
#include <coroom/counters.hpp>
#include <coroom/disconnect.hpp>
#include <coroom/error.hpp>
#include <coroom/framing.hpp>
#include <coroom/message.hpp>
#include <coroom/rate_limit.hpp>
#include <coroom/shared_bytes.hpp>
#include <coroom/task.hpp>

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace coroom::detail::application {

/// The settings of a session that do not depend on its protocol.
struct SessionSettings {
  net::QueueLimits queue;
  RateLimit rate_limit;
  bool handler_counts;                               ///< the handler calls charge_received() for each command
  RateLimit reply_limit;                             ///< of large replies
  std::shared_ptr<limits::ByteBudget> queue_budget;  ///< of the data queued for single connections
  std::chrono::milliseconds drain_timeout;           ///< for the queued data at the end

  bool operator==(const SessionSettings&) const = default;
};

/// The client of a session.
struct RemoteClient {
  std::uint64_t connection;  ///< the number of the connection in the log
  boost::asio::ip::address address;
  std::shared_ptr<limits::AddressQuota> quota;  ///< of the address; nullptr: no quota
};

/// The parts of a session that begins.
struct NewSession {
  net::Shard& shard;
  Counters& counters;
  net::DetachedSocket socket;
  std::unique_ptr<connection::Protocol> protocol;
  std::string answer;  ///< bytes to send first
  std::shared_ptr<const SessionSettings> settings;
  RemoteClient client;
  std::shared_ptr<ConnectionHandler> handler;
  http::ConnectionGuard guard;  ///< kept as long as the session
};

/// One open connection: its socket, its queue and its handler, driven by one routine. The protocol decides;
/// the session reads, writes and sleeps. It passes each message to the handler, and sends what the handler
/// and the rooms write. All calls must be made on its shard.
///
/// The handler's calls never overlap: open() once, then on_message() for each message, and on_close() last,
/// exactly once, however the connection ended. An exception closes only its own connection, with 1011. A
/// pending call is cancelled when the client is lost or the server's shutdown time is over.
class Session final : public net::Connection, private net::Pollable, private net::Timer {
 public:
  /// Starts a session, which destroys itself when its connection has ended. The counters and the shard must
  /// outlive it. Throws if memory or files are short.
  static void start(NewSession parts);

  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  /// Returns the session of a handler; nullptr before open().
  static Session* of(const ConnectionHandler& handler) { return handler.session_; }

  /// Returns the session of a handler. Throws std::logic_error before open().
  static Session& begun(const ConnectionHandler& handler);

  /// Returns the session of a handler. Throws std::logic_error before open(), and from on_close() on.
  static Session& running(const ConnectionHandler& handler);

  [[nodiscard]] net::Shard& shard() { return shard_; }

  /// Returns the framing of outgoing messages.
  [[nodiscard]] const Framing& framing() const { return protocol_->framing(); }

  /// Returns the quota of the client's address; nullptr: no quota.
  [[nodiscard]] const std::shared_ptr<limits::AddressQuota>& quota() const { return client_.quota; }

  /// Returns how the connection has ended; nullptr before its end.
  [[nodiscard]] const connection::End* end() const { return end_.get(); }

  /// Returns whether data may still be sent.
  [[nodiscard]] bool is_open() const { return !end_ && protocol_->is_open(); }

  /// Charges received messages, with `bytes` in total, to this connection and to the quota of its address.
  /// Counts each refusal and logs the first one of a session.
  RateVerdict charge_received(std::size_t bytes, std::size_t messages = 1);

  /// Encodes and sends a message to this connection alone. Waits while the queue is full, so it never makes
  /// the client a slow consumer. Copies the data before it returns.
  task<Result<>> write(Message::Kind kind, std::string_view data);

  /// Encodes and queues a message; never waits.
  Result<> push(Message::Kind kind, std::string_view data);

  /// Queues encoded frames; never waits. A session that exceeds its queue limit is closed with 3008 or loses
  /// its oldest data, depending on its settings. The caller must not rely on delivery.
  net::Push push(SharedBytes frames);

  /// For replies that may cost much more than their command. The handler asks may_reply() before it makes
  /// one; write_reply() charges it.
  ///@{

  /// Waits until the queue has room for `bytes` or is empty. Returns false, without waiting, if earlier
  /// replies have exhausted the rate of this connection or its address.
  task<bool> may_reply(std::size_t bytes);

  /// Returns the most bytes that a reply may have now.
  [[nodiscard]] std::size_t reply_room() const { return queue_.room(); }

  /// Sends like write(), and charges the reply. Releases `text` before it waits. Returns false, and sends
  /// nothing, if the queue budget of the address or of the server is exhausted.
  task<bool> write_reply(Message::Kind kind, std::string data);
  ///@}

  /// Adds to the bytes that are queued for the client outside the session; a negative number subtracts.
  void hold(std::ptrdiff_t bytes) { held_bytes_ += static_cast<std::size_t>(bytes); }

  /// Sends a ping with at most 125 bytes of payload (RFC 6455 section 5.5).
  Result<> ping(std::string_view payload);

  /// Returns the bytes that wait for the client, without those that a paused membership holds.
  [[nodiscard]] std::size_t queued_bytes() const { return queue_.pending_bytes(); }

  /// Accepts a message of the client that arrived outside its connection. Closes with 1009 if too much input
  /// is queued.
  void receive(Message message);

  /// Runs a coroutine that is cancelled at the end of the connection, before on_close().
  void spawn(task<> work);

  /// Returns a handle for other threads.
  ConnectionHandle handle();

  void set_nodelay(bool on) { socket_.set_nodelay(on); }

  /// Drops the queued data of a slow consumer and closes the connection with 3008.
  void end_slow();

  /// Sends a close frame; no data follows it. The handler's on_close() is called later, when the connection
  /// has ended.
  void close(Disconnect disconnect);

  // As net::Connection.
  void stop() override;
  void abort() override;
  void add_to(Statistics& statistics) const override;
  void discard() override { routine_.destroy(); }

 private:
  class HandlerCalls;
  template <class Make>
  class OneCall;
  class MessageCalls;

  /// The work of the routine.
  enum class Phase : std::uint8_t {
    serving,   ///< reads messages, and calls the handler for each
    ending,    ///< the handler has failed: messages are discarded until the end
    joining,   ///< the connection has ended: the handler's coroutines end
    closing,   ///< the handler's last call
    draining,  ///< sends what is queued
    lingering  ///< reads what the client still sends
  };

  enum class Input : std::uint8_t {
    none,   ///< the poller reports more
    ready,  ///< there are bytes, or an error
    ending  ///< the same, and the end of the bytes behind them
  };

  enum class Link : std::uint8_t {
    up,
    lost,    ///< broken, or closed by both sides
    aborted  ///< the socket is closed
  };

  explicit Session(NewSession parts);

  static Routine run(std::unique_ptr<Session> self);

  // The steps of the routine.
  std::optional<Message> next_message();
  std::optional<Message> take_message();
  bool read();
  task<> next_call();
  task<> handle(Message&& message);
  void act_on(const connection::ControlFrame& frame);
  void end_by(connection::End how);
  void fail(std::string_view event, const std::exception_ptr& thrown);
  void keep_input();
  void release_input();
  bool keeps_lingering();

  // Events.
  void on_ready(const Readiness& readiness) override;
  void on_time() override;
  void on_call_waits();
  void cancel_call_if_lost();
  void abort_socket();

  net::Push send_output();
  void set_timer();
  void continue_soon() { shard_.call_soon(*this); }
  Wakeup& next_turn() {
    continue_soon();
    return wakeup_;
  }
  task<Result<>> write_when_fits(SharedBytes frames);
  net::Push check_push(net::Push verdict);
  bool spawn_owned(task<> work);
  void notify_of_dropped(std::size_t bytes);
  task<> report_dropped();
  [[nodiscard]] std::optional<limits::HeldForOne> hold_in_budgets(std::size_t bytes) const;
  void note_slow(std::string_view action);
  void note_end() const;

  TaskGroup::Running running_;
  http::ConnectionGuard guard_;
  net::Shard& shard_;
  Counters& counters_;
  std::shared_ptr<const SessionSettings> settings_;
  RemoteClient client_;
  std::unique_ptr<connection::Protocol> protocol_;
  net::PolledSocket socket_;
  net::WriteQueue queue_;
  std::coroutine_handle<> routine_;
  Wakeup wakeup_;
  RoutineCalls* call_ = nullptr;  // while a call of the handler runs
  std::span<char> input_;         // received and not yet taken; in rest_, or in the shard's buffer
  std::string rest_;              // input that must outlast the shard's buffer
  std::unique_ptr<const connection::End> end_;
  limits::RateMeter meter_;
  limits::RateMeter control_meter_;  // of pings and pongs
  limits::RateMeter reply_meter_;
  std::shared_ptr<ConnectionRef> ref_;  // set by the first handle()
  std::unique_ptr<OwnedTasks> tasks_;   // set by the first spawn()
  std::size_t held_bytes_ = 0;          // queued outside the queue
  std::size_t dropped_bytes_ = 0;       // that the handler has not been notified of
  std::size_t lingered_bytes_ = 0;
  std::uint64_t last_read_ = 0;  // the turn of the last read
  Phase phase_ = Phase::serving;
  Input input_state_ = Input::none;
  Link link_ = Link::up;
  bool slow_logged_ = false;
  bool fast_logged_ = false;
  bool reports_dropped_ = false;                // report_dropped() is pending
  std::shared_ptr<ConnectionHandler> handler_;  // last: destroyed first, as it uses the session
};

}  // namespace coroom::detail::application
