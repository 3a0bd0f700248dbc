#pragma once

#include "load/connection.hpp"
#include "load/measure.hpp"

#include <coroom/error.hpp>

#include <cstddef>
#include <sys/types.h>

namespace coroom::bench {

/// One room over the Centrifuge protocol. Its subscribers all lose their connections at once, miss some
/// publications, and all return at once to recover them. Meanwhile another room runs the closed loop of
/// fanout.
struct StormSettings {
  LoadTarget target;
  std::size_t subscribers = 5000;
  std::size_t history = 300;        ///< publications before they subscribe
  std::size_t missed = 100;         ///< publications while they are disconnected
  std::size_t live_members = 1000;  ///< of the other room
  std::size_t senders = 16;         ///< of the other room
  std::size_t in_flight = 16;       ///< messages in the other room, in all
  std::size_t bytes = 64;           ///< of a message, in both rooms
  Times times;
  pid_t server = 0;
};

/// - recover_seconds: from the first connection that returns to the last complete recovery
/// - live_before, live_during: deliveries a second in the other room before the storm, and from the loss of
///   the connections until all have returned; live_share is their ratio
/// - server_load, client_load: processors that the server and this program kept busy during that time
/// - peak_bytes, bytes_before: of the server's memory, at most and before the storm
///
/// Fails unless every subscriber gets exactly the publications that it missed. Fails like fanout for the
/// other room.
Result<Figures> run_storm(const StormSettings& settings);

}  // namespace coroom::bench
