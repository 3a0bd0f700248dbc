#pragma once

#include <coroom/statistics.hpp>

#include <boost/intrusive/list.hpp>

namespace coroom::detail::net {

/// An open connection that must end before its shard can stop. It removes itself from the shard's list when
/// it is destroyed. All calls come on the connection's shard.
class Connection
    : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  virtual void stop() = 0;   ///< the server shuts down: ends soon, and notifies the peer if it can
  virtual void abort() = 0;  ///< the time for stop() is over: closes the socket

  /// Ends a connection whose shard is destroyed, if no coroutine of Asio owns it.
  virtual void discard() {}

  /// Adds the state of the connection to the statistics of the application.
  virtual void add_to(Statistics& statistics) const = 0;

 protected:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() = default;
};

using Connections = boost::intrusive::list<Connection, boost::intrusive::constant_time_size<false>>;

}  // namespace coroom::detail::net
