#pragma once

#include "load/connection.hpp"
#include "load/measure.hpp"

#include <coroom/error.hpp>

#include <cstddef>
#include <string>
#include <sys/types.h>

namespace coroom::bench {

/// Clients of the Centrifuge protocol that connect with a token, are subscribed to some rooms and leave, in a
/// closed loop: each connection that has ended is replaced by another.
struct SubscribersSettings {
  /// The side that makes the subscriptions: the client, with commands in the frame of `connect`, or the
  /// server, by the claim `channels` of the token.
  enum class Side { client, server };

  LoadTarget target;
  std::string token;
  Side side = Side::client;
  std::size_t rooms = 20;      ///< bench-0, bench-1 and so on
  std::size_t in_flight = 64;  ///< connections
  Times times;
  pid_t server = 0;
};

/// A connection that has ended counts as one message of measure(). Fails if the server refuses a command.
Result<Figures> run_subscribers(const SubscribersSettings& settings);

}  // namespace coroom::bench
