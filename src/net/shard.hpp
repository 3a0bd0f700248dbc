#pragma once

#include "core/call_runner.hpp"
#include "core/task_group.hpp"
#include "net/connection.hpp"
#include "net/poller.hpp"
#include "net/send_ring.hpp"
#include "net/timer_queue.hpp"
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

/// One thread's share of the server: its own io_context, its connections and rooms, and its turns. It may
/// also be a guest on the io_context of a program, which one thread runs. The turn of a guest ends after the
/// handlers that were ready when output was first queued.
///
/// A turn handles everything that is ready, and then sends. First the rooms with pending publications seal
/// their blocks, then the bytes of all sessions are sent. So publications that arrive together are sent
/// together, in one send for each session. A connection never leaves its shard, so this path takes no locks.
/// Bytes beyond the limit of a turn wait for later turns, which keeps turns short.
///
/// All members except executor(), stop(), has_stopped() and clock() belong to the shard's own thread.
class Shard {
 public:
  /// `clock` must outlive the shard.
  Shard(std::size_t index, const Clock& clock);

  /// A guest on the context `host`. `host` and `clock` must outlive it. A guest must not call run(), poll()
  /// or use_ring().
  Shard(boost::asio::io_context& host, const Clock& clock);

  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;
  ~Shard();

  /// Sends by io_uring if it is available. Must be called before run().
  void use_ring() { uses_ring_ = true; }

  /// Runs turns until stop(). The calling thread becomes the shard's thread.
  void run();

  /// Alternative to run() for a caller with its own loop. Runs one turn if work is ready, and never blocks.
  /// Returns false if no work is ready.
  bool poll();

  /// Ends run() after the current handler. No task may still run on the shard. Any thread may call it.
  void stop();

  /// Any thread may post to the executor.
  [[nodiscard]] boost::asio::io_context::executor_type executor() { return context_.get_executor(); }
  [[nodiscard]] std::size_t index() const { return index_; }

  /// Returns whether the owner of the context has stopped it. Any thread may call it.
  [[nodiscard]] bool has_stopped() const { return context_.stopped(); }

  /// Returns the clock of the time limits of its connections. Any thread may call it.
  [[nodiscard]] const Clock& clock() const { return clock_; }

  Poller& poller() { return poller_; }
  TimerQueue& timers() { return timers_; }
  CallRunners& call_runners() { return call_runners_; }

  /// Calls on_ready() of the owner of a socket, with nothing new, in the next turn.
  void call_soon(Pollable& owner);

  /// Watches a socket until Poller::remove(). end_watch() must follow once its owner has ended.
  void watch(int socket, Pollable& owner);
  void end_watch();

  /// Returns the time, read once a turn.
  [[nodiscard]] std::chrono::steady_clock::time_point now();

  /// Returns the time of the timers, read once a turn.
  [[nodiscard]] std::chrono::nanoseconds timer_time() {
    return clock_.has_timers() ? clock_.passed() : now().time_since_epoch();
  }

  /// Returns the number of the current turn.
  [[nodiscard]] std::uint64_t turn() const { return turn_; }

  TaskGroup& connection_tasks() { return connection_tasks_; }
  TaskGroup& room_tasks() { return room_tasks_; }
  Connections& connections() { return connections_; }
  Traffic& traffic() { return traffic_; }
  [[nodiscard]] std::uint64_t slow_turns() const { return watch_.slow_turns(); }

  /// Marks the shard as shutting down: a connection that begins from now on should end at once.
  void begin_stop() { stopping_ = true; }
  [[nodiscard]] bool stopping() const { return stopping_; }

  /// Returns a buffer for one read of one connection. Its content is lost with the next read of
  /// another connection.
  std::span<char> read_buffer() { return read_buffer_; }

  /// Returns whether the current turn has taken too long. A handler with more work should then post itself,
  /// so that other handlers run first. The time counts from the first call in a turn.
  [[nodiscard]] bool should_yield();

  /// Calls end_of_turn() of the task once, at the end of this turn, before anything is sent.
  void seal_at_turn_end(TurnTask& task);
  void flush_at_turn_end(Sender& sender);

 private:
  bool begin_turn(bool may_wait);
  bool run_next();
  void collect_sockets();
  void dispatch_sockets();
  void on_sockets_ready();
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
  std::shared_ptr<Shard> guest_;  // this shard, not owned; nullptr: it has its own context
  bool ends_turn_ = false;        // of a guest: the end of the turn is posted
  TurnTasks sealing_;
  Senders flushing_;
  std::unique_ptr<SendRing> ring_;  // exists only inside run(), if a ring is used
  bool uses_ring_ = false;
  std::uint64_t turn_ = 1;
  std::uint64_t timed_turn_ = 0;  // the turn of time_
  std::chrono::steady_clock::time_point time_;
  Poller poller_;
  std::size_t watched_ = 0;  // sockets
  bool dispatches_ = false;  // a call of Poller::dispatch() is posted
  TimerQueue timers_;
  CallRunners call_runners_;
  Connections connections_;
  Traffic traffic_;
  TurnWatch watch_;
  TaskGroup connection_tasks_;
  TaskGroup room_tasks_;
  std::vector<char> read_buffer_;
  bool stopping_ = false;
  unsigned asked_ = 0;                               // number of calls of should_yield() in this turn
  std::chrono::steady_clock::time_point looked_at_;  // time of the first call
};

}  // namespace coroom::detail::net
