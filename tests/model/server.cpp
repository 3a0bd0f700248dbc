#include "model/server.hpp"

#include "core/keyed_hash.hpp"
#include "support/granting_tokens.hpp"

#include <mutex>

namespace coroom::model {

RoomOptions options_of(std::string_view room) {
  RoomOptions options;
  if (room == "short") options.history_size = 3;
  if (room == "long") options.history_size = 100;
  options.history_ttl = std::chrono::hours(1);
  return options;
}

SimulatedServer::SimulatedServer(Storage& storage, Gates& schedule_gates, Chance& schedule_chance,
                                 const Clock& clock)
    : gates(schedule_gates),
      chance(schedule_chance),
      broker(storage, gates, chance),
      shards(2, clock),
      // Such a small channel is often full.
      hub(detail::room::RoomServices{shards, detail::room::RoomSettings{.channel_capacity = 2}, clock,
                                     broker},
          options_of),
      moderation(clock) {
  static std::once_flag known;                           // several threads play schedules
  std::call_once(known, detail::use_known_hash_secret);  // schedules must be reproducible
  ConnectionToken token;
  token.user = "reader";
  token.subscriptions = {{rooms.front(), {}}};
  settings.tokens = std::make_shared<test::GrantingTokens>(
      test::GrantingTokens::Grants{{server_side_token, std::move(token)}});
  hub.open();
}

void SimulatedServer::settle() {
  bool busy = true;
  while (busy) {
    busy = gates.open_one(chance);
    for (std::size_t shard = 0; shard != shards.size(); ++shard) busy = turn(shard) || busy;
  }
}

std::size_t SimulatedServer::running() {
  std::size_t running = 0;
  for (const auto& shard : shards) running += shard->connection_tasks().size() + shard->room_tasks().size();
  return running;
}

}  // namespace coroom::model
