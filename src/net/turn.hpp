#pragma once

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <span>
#include <sys/uio.h>

namespace coroom::detail::net {

class TurnTask;
using TurnHook = boost::intrusive::list_base_hook<boost::intrusive::tag<TurnTask>,
                                                  boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// A task that a shard calls once it has handled everything that was ready. It removes itself from its list
/// when it is destroyed.
class TurnTask : public TurnHook {
 public:
  virtual void end_of_turn() = 0;

 protected:
  TurnTask() = default;
  TurnTask(const TurnTask&) = delete;
  TurnTask& operator=(const TurnTask&) = delete;
  ~TurnTask() = default;
};

/// A connection with bytes to send at the end of a turn. The shard sends for many connections at once: it
/// gathers the bytes of each, and reports the result to each.
class Sender : public TurnHook {
 public:
  [[nodiscard]] virtual int descriptor() = 0;

  /// Fills `parts` with the oldest bytes to send, which must stay valid until sent() is called. Returns the
  /// number of parts it filled; 0: nothing to send now. One call returns at most this connection's share of a
  /// turn; the rest waits for another turn.
  [[nodiscard]] virtual std::size_t gather(std::span<iovec> parts) = 0;

  /// Receives the number of bytes that the socket accepted, or a negative errno.
  virtual void sent(std::ptrdiff_t result) = 0;

 protected:
  Sender() = default;
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;
  ~Sender() = default;
};

/// Sends once, by one system call. Returns the number of bytes passed to the socket; 0: nothing to send now.
std::size_t send_once(Sender& sender);

[[nodiscard]] std::size_t size_of(std::span<const iovec> parts);

using TurnTasks = boost::intrusive::list<TurnTask, boost::intrusive::base_hook<TurnHook>,
                                         boost::intrusive::constant_time_size<false>>;
using Senders = boost::intrusive::list<Sender, boost::intrusive::base_hook<TurnHook>,
                                       boost::intrusive::constant_time_size<false>>;

}  // namespace coroom::detail::net
