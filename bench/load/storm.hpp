#pragma once

#include "load/connection.hpp"
#include "load/measure.hpp"

#include <coroom/error.hpp>

#include <cstddef>
#include <sys/types.h>

namespace coroom::bench {

/// One room, over the Centrifuge protocol, whose subscribers all lose their connections at once, miss what is
/// then published, and all come back at once for it. Meanwhile another room goes on, in the closed loop of
/// fanout.
struct StormSettings {
  Target target;
  std::size_t subscribers = 5000;
  std::size_t history = 300;        ///< publications, made before they subscribe
  std::size_t missed = 100;         ///< publications, made while they are gone
  std::size_t live_members = 1000;  ///< of the other room
  std::size_t senders = 16;         ///< of them
  std::size_t in_flight = 16;       ///< messages in the other room, in all
  std::size_t bytes = 64;           ///< a message, in both rooms
  Times times;
  pid_t server = 0;
};

/// - recover_seconds: from when the first comes back until the last has what it missed
/// - live_before, live_during: deliveries a second in the other room, before the storm and from the loss of
/// the
///   connections until all are back; live_share is their ratio
/// - server_load, client_load: processors that the server and this program kept busy, of that time
/// - peak_bytes, bytes_before: of the server's memory, at most and before the storm
///
/// Fails unless every subscriber gets exactly what it missed, and as fanout does for the other room.
Result<Figures> run_storm(const StormSettings& settings);

}  // namespace coroom::bench
