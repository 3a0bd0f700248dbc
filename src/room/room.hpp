#pragma once

#include "net/shard_group.hpp"
#include "net/turn.hpp"
#include "room/block_writer.hpp"
#include "room/room_event.hpp"
#include "room/room_state.hpp"
#include "room/roster.hpp"

#include <coroom/clock.hpp>
#include <coroom/task.hpp>

#include <boost/asio/experimental/concurrent_channel.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace coroom::room {

struct Settings {
  std::size_t announce_limit = 1000;   ///< members; see RoomState
  std::size_t channel_capacity = 256;  ///< events; a sender waits while the channel is full
};

/// One room: a coroutine on its home shard that takes events from a bounded channel, one at a time, and so
/// gives all joins, leaves and publications one order. What it has taken in a turn leaves as one block per
/// encoding: to the members on this shard at the end of the turn, to those on other shards by one post each.
class Room final : public net::TurnTask, public std::enable_shared_from_this<Room> {
 public:
  /// The shards and the clock outlive the room.
  Room(net::Shard& home, net::ShardGroup& shards, const Settings& settings, const Clock& clock);

  /// Takes events until it is retired and none is left. Runs on the home shard, in its group of room tasks.
  task<> run();

  /// Nobody holds the room any more. On the home shard.
  void retire();

  /// From any shard; ends when the channel took the event, and waits for room in it.
  task<> send(RoomEvent event);

  /// Takes the event if the channel has room now; else leaves it as it was.
  bool try_send(RoomEvent& event);

  /// The members on one shard. On that shard only.
  Roster& roster(std::size_t shard) { return rosters_[shard]; }

 private:
  using Channel = boost::asio::experimental::concurrent_channel<void(boost::system::error_code, RoomEvent)>;

  void end_of_turn() override { seal(); }
  void take_what_waits();
  void apply(RoomEvent event);
  void enter(std::shared_ptr<Entry> entry);
  void leave(const RoomEvent& event);
  void announce(const std::optional<Publication>& publication);
  void add(const Publication& publication);
  void seal();
  void deliver(const BlockWriter::Block& block);

  net::Shard& home_;
  net::ShardGroup& shards_;
  const Clock& clock_;
  Channel channel_;
  RoomState state_;
  BlockWriter writer_;
  std::vector<Roster> rosters_;                // by shard, each touched on its own shard only
  std::vector<std::size_t> members_by_shard_;  // as the room's order has it; on the home shard
  bool retired_ = false;
};

}  // namespace coroom::room
