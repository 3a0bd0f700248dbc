#pragma once

#include "core/task_group.hpp"
#include "net/connection.hpp"
#include "net/send_ring.hpp"
#include "net/traffic.hpp"
#include "net/turn.hpp"
#include "net/turn_watch.hpp"

#include <coroom/clock.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace coroom::detail::net {

/// One thread's share of the server: its own io_context, its connections and rooms, and its turns. Or a guest
/// on the io_context of a program, which one thread runs: there a turn ends behind the handlers that were
/// ready when something was first to be sent.
///
/// A turn handles everything that is ready and only then writes: first the rooms with something pending seal
/// their blocks, then the sessions' bytes are sent. So what arrives together leaves together, in one send per
/// session, and since a connection never leaves its shard, nothing on that path takes a lock. What is more
/// than a turn may send waits for the next ones, so that nobody waits long for a turn.
///
/// Apart from executor() and stop(), members belong to the shard's own thread.
class Shard {
 public:
  /// The clock outlives it.
  Shard(std::size_t index, const Clock& clock);

  /// A guest on this context, which outlives it, as the clock does; run(), poll() and use_ring() are for
  /// others.
  Shard(boost::asio::io_context& host, const Clock& clock);

  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;
  ~Shard() = default;

  /// Before run(): it shall send by a ring, if one can be had.
  void use_ring() { uses_ring_ = true; }

  /// Takes turns until stop(). The calling thread is the shard's thread.
  void run();

  /// In place of run(), for who has a loop of its own: takes one turn if something is ready, without waiting;
  /// false if nothing is.
  bool poll();

  /// Any thread. Ends run() after the handler at hand; nothing may still be running on the shard.
  void stop();

  /// Any thread may post to it.
  [[nodiscard]] boost::asio::io_context::executor_type executor() { return context_.get_executor(); }
  [[nodiscard]] std::size_t index() const { return index_; }

  /// Any thread: whether the context has been stopped, by whoever owns it.
  [[nodiscard]] bool has_stopped() const { return context_.stopped(); }

  /// By which the time limits of its connections go; any thread.
  [[nodiscard]] const Clock& clock() const { return clock_; }

  TaskGroup& connection_tasks() { return connection_tasks_; }
  TaskGroup& room_tasks() { return room_tasks_; }
  Connections& connections() { return connections_; }
  Traffic& traffic() { return traffic_; }
  [[nodiscard]] std::uint64_t slow_turns() const { return watch_.slow_turns(); }

  /// The server shuts down: a connection that is new now should end at once.
  void begin_stop() { stopping_ = true; }
  [[nodiscard]] bool stopping() const { return stopping_; }

  /// For one read of one connection; whoever suspends loses what is in it.
  std::span<char> read_buffer() { return read_buffer_; }

  /// Whether this turn has taken so long that a handler with more to do should post itself first, so that
  /// others are served. Counts from the first time it is asked in a turn.
  [[nodiscard]] bool should_yield();

  /// Asks for end_of_turn() at the end of this turn, once, before anything is sent.
  void seal_at_turn_end(TurnTask& task);
  void flush_at_turn_end(Sender& sender);

 private:
  bool begin_turn(bool may_wait);
  void finish_turn();
  void finish_turn_as_guest();
  void schedule_end_of_turn();
  void end_turn();
  void log_slow_turn(const TurnWatch::Report& report) const;

  std::size_t index_;
  const Clock& clock_;
  std::unique_ptr<boost::asio::io_context> own_context_;  // of a guest: idle
  boost::asio::io_context& context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stay_;
  std::shared_ptr<Shard> guest_;  // points to this one, and owns nothing; none: it has its own context
  bool ends_turn_ = false;        // of a guest: the end of the turn is on its way
  TurnTasks sealing_;
  Senders flushing_;
  std::unique_ptr<SendRing> ring_;  // while it runs, if it uses one
  bool uses_ring_ = false;
  Connections connections_;
  Traffic traffic_;
  TurnWatch watch_;
  TaskGroup connection_tasks_;
  TaskGroup room_tasks_;
  std::vector<char> read_buffer_;
  bool stopping_ = false;
  unsigned asked_ = 0;                               // how often should_yield() was, in this turn
  std::chrono::steady_clock::time_point looked_at_;  // the clock, when it was first asked
};

}  // namespace coroom::detail::net
