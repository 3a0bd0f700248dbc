#pragma once

#include <coroom/statistics.hpp>

#include <boost/intrusive/list.hpp>

namespace coroom::detail::net {

/// A live connection as its shard sees it: something that must be ended before the shard can stop.
/// It leaves the shard's list by itself when it is destroyed. All calls come on the connection's shard.
class Connection
    : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  virtual void stop() = 0;   ///< the server shuts down: finish soon, and tell the peer where its protocol can
  virtual void abort() = 0;  ///< the time to finish is over: close the socket

  /// Adds it to how the application stands.
  virtual void add_to(Statistics& statistics) const = 0;

 protected:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() = default;
};

using Connections = boost::intrusive::list<Connection, boost::intrusive::constant_time_size<false>>;

}  // namespace coroom::detail::net
