#pragma once

#include <boost/intrusive/list.hpp>

#include <cstddef>
#include <span>
#include <sys/uio.h>

namespace coroom::detail::net {

class TurnTask;
using TurnHook = boost::intrusive::list_base_hook<boost::intrusive::tag<TurnTask>,
                                                  boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// Something to do when a shard has handled all that was ready. It leaves its list by itself when it is
/// destroyed.
class TurnTask : public TurnHook {
 public:
  virtual void end_of_turn() = 0;

 protected:
  TurnTask() = default;
  TurnTask(const TurnTask&) = delete;
  TurnTask& operator=(const TurnTask&) = delete;
  ~TurnTask() = default;
};

/// Something with bytes to send when a turn ends. As the shard sends for many at once, it asks each what to
/// send, and tells it what came of that.
class Sender : public TurnHook {
 public:
  [[nodiscard]] virtual int descriptor() = 0;

  /// The oldest bytes that are to be sent; they stay until sent() tells what became of them. Gives how many
  /// parts it filled; none: nothing is to be sent now.
  /// A call is a share of what a turn may send, and the rest is for another turn.
  [[nodiscard]] virtual std::size_t gather(std::span<iovec> parts) = 0;

  /// How many of them the socket took, or a negative errno.
  virtual void sent(std::ptrdiff_t result) = 0;

 protected:
  Sender() = default;
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;
  ~Sender() = default;
};

/// Sends once, by a system call of its own. Gives how many bytes the socket was to take; 0: nothing is to be
/// sent now.
std::size_t send_once(Sender& sender);

[[nodiscard]] std::size_t size_of(std::span<const iovec> parts);

using TurnTasks = boost::intrusive::list<TurnTask, boost::intrusive::base_hook<TurnHook>,
                                         boost::intrusive::constant_time_size<false>>;
using Senders = boost::intrusive::list<Sender, boost::intrusive::base_hook<TurnHook>,
                                       boost::intrusive::constant_time_size<false>>;

}  // namespace coroom::detail::net
