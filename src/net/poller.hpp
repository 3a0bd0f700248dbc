#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/intrusive/list.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <sys/epoll.h>

namespace coroom::detail::net {

using ReadyHook =
    boost::intrusive::list_base_hook<boost::intrusive::tag<class Poller>,
                                     boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// A socket that a poller watches, with its owner. It must be removed from the poller before it is destroyed.
class Pollable : public ReadyHook {
 public:
  /// Changes of a socket's state, which are reported once each.
  struct Readiness {
    bool readable = false;  ///< there are bytes, or the end of them
    bool ending = false;    ///< there is the end, perhaps behind bytes
    bool writable = false;
    bool lost = false;  ///< the connection is broken, or closed by both sides
  };

  /// Called on the shard. May remove and destroy any Pollable, itself too.
  virtual void on_ready(const Readiness& readiness) = 0;

 protected:
  Pollable() = default;
  Pollable(const Pollable&) = delete;
  Pollable& operator=(const Pollable&) = delete;
  ~Pollable() = default;
};

/// Watches the sockets of one shard by one epoll. So a wait for a socket takes neither memory nor a system
/// call. Asio only learns that some socket is ready. All calls must be made on the shard.
class Poller {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// `wake` is called by the context when arm() was called and a socket is ready. Throws
  /// boost::system::system_error if the process has no more files.
  Poller(boost::asio::io_context& context, std::function<void()> wake);
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;
  ~Poller() = default;

  /// Watches a socket until remove(). Throws boost::system::system_error if the kernel has no memory.
  void add(int socket, Pollable& pollable);

  /// Must be called before the socket is closed.
  void remove(int socket, Pollable& pollable);

  /// Calls on_ready() once, with nothing new, in the next turn.
  void call_soon(Pollable& pollable) {
    if (!pollable.is_linked()) soon_.push_back(pollable);
  }
  [[nodiscard]] bool has_calls() const { return !soon_.empty() || !due_.empty(); }

  /// Makes the calls that call_soon() has asked for due.
  void begin_turn() { due_.splice(due_.end(), soon_); }

  /// Looks for sockets that are ready, without waiting. Returns whether dispatch() has a call to make.
  bool collect();

  /// Calls on_ready() for what collect() has found, until the time is over. Returns the number of calls.
  std::size_t dispatch(TimePoint until);

  /// Lets the context call `wake` when a socket is ready; once. Counts as work of the context.
  void arm();

  /// Ends that wait.
  void disarm();

 private:
  using Soon = boost::intrusive::list<Pollable, boost::intrusive::base_hook<ReadyHook>,
                                      boost::intrusive::constant_time_size<false>>;

  boost::asio::posix::stream_descriptor epoll_;
  std::function<void()> wake_;
  std::array<epoll_event, 256> events_{};
  std::span<epoll_event> unhandled_;                                 // found, and not dispatched
  Soon soon_;                                                        // for the next turn
  Soon due_;                                                         // in this turn
  std::shared_ptr<Poller*> self_ = std::make_shared<Poller*>(this);  // a queued handler may outlive it
  bool armed_ = false;
};

}  // namespace coroom::detail::net
