#pragma once

#include "core/deadline.hpp"
#include "limits/address_quota.hpp"
#include "limits/announcement_pacer.hpp"
#include "limits/publish_pace.hpp"
#include "limits/token_bucket.hpp"
#include "net/shard_group.hpp"
#include "net/turn.hpp"
#include "room/block_writer.hpp"
#include "room/presence_set.hpp"
#include "room/room_event.hpp"
#include "room/room_state.hpp"
#include "room/roster.hpp"

#include <coroom/broker.hpp>
#include <coroom/clock.hpp>
#include <coroom/room_options.hpp>
#include <coroom/task.hpp>

#include <boost/asio/experimental/concurrent_channel.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace coroom::detail::room {

struct RoomSettings {
  std::size_t announce_limit = 1000;   ///< members; see RoomState
  std::size_t max_rooms = 100'000;     ///< see Hub
  std::size_t channel_capacity = 256;  ///< events; a sender waits while the channel is full
  limits::Rate published{};            ///< bytes into one room; see PublishPace
};

/// What all rooms have in common; outlives them.
struct RoomServices {
  net::ShardGroup& shards;
  RoomSettings settings;
  const Clock& clock;
  Broker& broker;
};

/// One room: a coroutine on its home shard that takes events from a bounded channel, and so gives all joins,
/// leaves and publications one order. What waits is taken together: its publications are kept by the broker
/// first, if the room has a history, and then leave as one block per encoding: to the members on this shard
/// at the end of the turn, to those on other shards by one post each.
///
/// A broker may be as slow as its disk. In a room with a history only publications go through the channel and
/// wait for it; joins, leaves and questions are applied when they reach the home shard, between publications.
class RoomActor final : public net::TurnTask, public std::enable_shared_from_this<RoomActor> {
 public:
  RoomActor(std::string name, const RoomOptions& options, RoomServices& services);

  /// Takes events until it is retired and none is left; those that come later end untaken. Runs on the home
  /// shard, in its group of room tasks.
  task<> run();

  /// Nobody holds the room any more, or nobody may. On the home shard.
  void retire();

  /// The application ends: members that leave from here on need not tell it. Any thread.
  void close() { closed_ = true; }
  [[nodiscard]] bool is_closed() const { return closed_; }

  /// From any shard; ends when the channel took the event, and waits for room in it. False: the room has
  /// ended.
  task<bool> send(RoomEvent event);

  /// Takes the event if the channel has room now; else leaves it as it was.
  bool try_send(RoomEvent& event);

  /// The members on one shard. On that shard only.
  Roster& roster(std::size_t shard) { return rosters_[shard]; }

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const RoomOptions& options() const { return options_; }

  /// Of what clients publish into it. Any thread may use it.
  [[nodiscard]] limits::PublishPace& publish_pace() { return publish_pace_; }

  /// How many are in it, as far as it knows who is. Any thread may read it, for longer than there is a room.
  [[nodiscard]] std::shared_ptr<const Headcount> headcount() const { return headcount_; }

 private:
  using Channel = boost::asio::experimental::concurrent_channel<void(boost::system::error_code, RoomEvent)>;
  using Events = std::vector<RoomEvent>;

  /// What the room's coroutine waits for.
  enum class Phase {
    receiving,  ///< the next event
    locating,   ///< the broker, which reads where the history stands
    publishing  ///< the broker, which keeps publications
  };

  void begin_anew();
  void wake();
  void end();
  void end_of_turn() override;
  void take_what_waits(Events& events);
  [[nodiscard]] bool goes_past_publications(const RoomEvent& event) const;
  void take_at_once(RoomEvent event);
  task<> find_top();
  task<Result<>> keep(Events& events, std::chrono::milliseconds timeout);
  void look_at_the_broker();
  void refuse_what_waits();
  void apply(RoomEvent& event, const Result<>& kept);
  void apply(event::Join& event);
  void apply(event::Leave& event);
  void apply(event::Publish& event, const Result<>& kept);
  void count_in(const Member& member);
  void count_out(const WireFormat& format, std::size_t shard,
                 const std::shared_ptr<limits::AddressQuota>& quota);
  void count_people();
  void charge(const event::Publish& event) const;
  void announce(const std::optional<Publication>& publication, std::shared_ptr<limits::AddressQuota> quota);
  void announce_late();
  void announce_due();
  void add(const Publication& publication);
  void seal();
  void deliver(const BlockWriter::Block& block);
  void deliver(const BlockWriter::Block& block, net::Shard& shard, net::Traffic::TimePoint taken);

  const std::string name_;
  const RoomOptions options_;
  RoomServices& services_;
  net::Shard& home_;
  Channel channel_;
  RoomState state_;
  limits::PublishPace publish_pace_;
  limits::AnnouncementPacer announcements_;
  std::optional<Deadline> later_;  // while announcements wait
  PresenceSet presence_;
  std::shared_ptr<Headcount> headcount_ = std::make_shared<Headcount>();
  BlockWriter writer_;
  net::Traffic::TimePoint taken_;  // when the oldest in the writer was
  Phase phase_ = Phase::receiving;
  net::Traffic::TimePoint began_;          // when the events at hand were taken from the channel
  std::unique_ptr<Deadline> slow_broker_;  // while the broker takes longer than a turn
  std::optional<Position> top_;            // of the history, as far as it is known
  std::vector<event::Join> joining_;       // that wait for the top
  std::vector<Roster> rosters_;            // by shard, each touched on its own shard only
  std::map<std::shared_ptr<limits::AddressQuota>, std::size_t> members_by_quota_;  // of those that have one
  std::vector<std::size_t> members_by_shard_;  // as the room's order has it; on the home shard
  bool announces_late_ = false;                // later_ is set
  bool retired_ = false;
  std::atomic<bool> closed_ = false;
};

}  // namespace coroom::detail::room
