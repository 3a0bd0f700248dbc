#pragma once

#include "model/chance.hpp"
#include "model/gates.hpp"
#include "model/storage.hpp"
#include "net/shard_group.hpp"
#include "room/hub.hpp"

#include <coroom/centrifuge.hpp>
#include <coroom/clock.hpp>
#include <coroom/counters.hpp>
#include <coroom/moderation.hpp>

#include <array>
#include <string_view>

namespace coroom::model {

inline constexpr std::array rooms{"short", "long", "fleeting"};

/// Returns the options of a room of the schedules.
RoomOptions options_of(std::string_view room);

/// The token for which the server subscribes a client to the first room.
inline constexpr const char* server_side_token = "reader";

/// A server from its start to its crash, without sockets and threads: its shards, which the schedule drives
/// one turn at a time, its rooms and its broker.
class SimulatedServer {
 public:
  /// All arguments must outlive the server.
  SimulatedServer(Storage& storage, Gates& gates, Chance& chance, const Clock& clock);

  /// Runs one turn of a shard. Returns false if there was nothing to do.
  bool turn(std::size_t shard) { return shards[shard].poll(); }

  /// Runs turns and opens gates until nothing is left to do.
  void settle();

  /// Returns the number of coroutines that have not ended.
  [[nodiscard]] std::size_t running();

  Gates& gates;
  Chance& chance;
  FaultyBroker broker;
  detail::net::ShardGroup shards;
  detail::room::Hub hub;
  Counters counters;
  Moderation moderation;
  CentrifugeSettings settings;
};

}  // namespace coroom::model
