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

#include <string_view>

namespace coroom::model {

/// The rooms of every schedule: what they keep, or nothing.
RoomOptions options_of(std::string_view room);

/// One life of a server: its shards, which the schedule drives one turn at a time, its rooms and its broker.
/// All that a real one has but sockets and threads.
class Server {
 public:
  /// All of them outlive it.
  Server(Storage& storage, Gates& gates, Chance& chance, const Clock& clock);

  /// One turn of one shard; false if it had nothing to do.
  bool turn(std::size_t shard) { return shards[shard].poll(); }

  /// Turns, and whatever waits in the world, until nothing is left to be done.
  void settle();

  /// Coroutines that have not ended.
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
