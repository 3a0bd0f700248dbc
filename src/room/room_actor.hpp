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
#include <coroom/resource_limits.hpp>
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
  ResourceLimits limits{};
  std::size_t channel_capacity = 256;  ///< events; a sender waits while the channel is full
  limits::Rate published{};            ///< bytes into one room; see PublishPace
};

/// The services that all rooms share; must outlive them.
struct RoomServices {
  net::ShardGroup& shards;
  RoomSettings settings;
  const Clock& clock;
  Broker& broker;
};

/// One room: a coroutine on its home shard that takes events from a bounded channel. So all joins, leaves and
/// publications have one order. The room takes all waiting events at a time. If it has a history, the broker
/// first keeps their publications. Then each wire format gets one block. Members on this shard get it at the
/// end of the turn, and each other shard gets it by one post.
///
/// A broker may be as slow as its disk. In a room with a history, only publications go through the channel
/// and wait for the broker. Joins, leaves and queries are handled when they reach the home shard, between
/// publications.
class RoomActor final : public net::TurnTask, public std::enable_shared_from_this<RoomActor> {
 public:
  RoomActor(std::string name, const RoomOptions& options, RoomServices& services);

  /// Handles events until the room is retired and the channel is empty; later events are destroyed unhandled.
  /// Must run on the home shard, in its group of room tasks.
  task<> run();

  /// Ends the room after its pending events. Called on the home shard when the last holder is gone or the hub
  /// is closed.
  void retire();

  /// Called when the application ends: members that leave later need not notify the room. Any thread may call
  /// it.
  void close() { closed_ = true; }
  [[nodiscard]] bool is_closed() const { return closed_; }

  /// Sends an event to the channel; waits while it is full. Returns false if the room has ended. Any shard
  /// may call it.
  task<bool> send(RoomEvent event);

  /// Sends the event if the channel has room now; otherwise leaves it unchanged and returns false.
  bool try_send(RoomEvent& event);

  /// Returns the members on one shard. Must be called on that shard.
  Roster& roster(std::size_t shard) { return rosters_[shard]; }

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const RoomOptions& options() const { return options_; }

  /// Returns the pace of publications by clients. Any thread may use it.
  [[nodiscard]] limits::PublishPace& publish_pace() { return publish_pace_; }

  /// Returns the number of members; 0 if the room keeps no presence. Any thread may read it, even after the
  /// room has ended.
  [[nodiscard]] std::shared_ptr<const Headcount> headcount() const { return headcount_; }

 private:
  using Channel = boost::asio::experimental::concurrent_channel<void(boost::system::error_code, RoomEvent)>;
  using Events = std::vector<RoomEvent>;

  /// The current wait of the room's coroutine.
  enum class Phase {
    receiving,  ///< for the next event
    locating,   ///< for the broker to read the position of the history
    publishing  ///< for the broker to keep publications
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
  net::Traffic::TimePoint taken_;  // when the oldest event in the writer was taken
  Phase phase_ = Phase::receiving;
  net::Traffic::TimePoint began_;          // when the current events were taken from the channel
  std::unique_ptr<Deadline> slow_broker_;  // set while the broker takes longer than a turn
  std::optional<Position> top_;            // of the history; nullopt: unknown
  std::vector<event::Join> joining_;       // joins that wait for the top
  std::vector<Roster> rosters_;            // by shard; each is used on its own shard only
  std::map<std::shared_ptr<limits::AddressQuota>, std::size_t> members_by_quota_;  // of those with a quota
  std::vector<std::size_t> members_by_shard_;  // in the room's order; used on the home shard
  bool announces_late_ = false;                // later_ is set
  bool retired_ = false;
  std::atomic<bool> closed_ = false;
};

}  // namespace coroom::detail::room
