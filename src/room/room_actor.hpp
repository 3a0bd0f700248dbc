#pragma once

#include "core/deadline.hpp"
#include "limits/address_quota.hpp"
#include "limits/announcement_pacer.hpp"
#include "limits/publish_pace.hpp"
#include "limits/token_bucket.hpp"
#include "net/shard_group.hpp"
#include "net/turn.hpp"
#include "room/batch.hpp"
#include "room/block_writer.hpp"
#include "room/event_queue.hpp"
#include "room/presence_set.hpp"
#include "room/room_event.hpp"
#include "room/room_hold.hpp"
#include "room/room_state.hpp"
#include "room/roster.hpp"

#include <coroom/broker.hpp>
#include <coroom/clock.hpp>
#include <coroom/resource_limits.hpp>
#include <coroom/room_options.hpp>
#include <coroom/task.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace coroom::detail::room {

class RoomActor;

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

/// The owner of rooms.
class RoomOwner {
 public:
  RoomOwner() = default;
  RoomOwner(const RoomOwner&) = delete;
  RoomOwner& operator=(const RoomOwner&) = delete;

  /// Destroys a room whose last hold was released. Any thread may call it.
  virtual void end(RoomActor& room) noexcept = 0;

 protected:
  ~RoomOwner() = default;
};

/// One room, which gives all joins, leaves and publications one order. A bounded channel takes the events
/// that have to wait, and a coroutine on the room's home shard handles them: all waiting ones at a time. Both
/// exist only while an event waits. A room that is idle handles an event of its home shard at once.
///
/// If the room has a history, the broker first keeps the publications. Then each wire format gets one block.
/// Members on this shard get it at the end of the turn, and each other shard gets it by one post.
///
/// A broker may be as slow as its disk. In a room with a history, only publications go through the channel
/// and wait for the broker. Joins, leaves and queries are handled when they reach the home shard, between
/// publications.
class RoomActor final : public net::TurnTask {
 public:
  /// The client or program that opens a room.
  struct Opener {
    SharedClientInfo client_info;                 ///< nullptr: a program
    std::shared_ptr<limits::AddressQuota> quota;  ///< counts the room; nullptr: no quota
  };

  RoomActor(std::string name, const RoomOptions& options, RoomServices& services, RoomOwner& owner,
            Opener opener);

  /// Must be destroyed on the home shard, or after retire().
  ~RoomActor() = default;

  RoomActor(const RoomActor&) = delete;
  RoomActor& operator=(const RoomActor&) = delete;

  /// Ends the room after its pending events; later events are refused. Called on the home shard when the hub
  /// is closed.
  void retire();

  /// Called when the application ends: members that leave later need not notify the room. Any thread may call
  /// it.
  void close() { is_closed_ = true; }
  [[nodiscard]] bool is_closed() const { return is_closed_; }

  /// Handles an event, or sends it to the channel; waits while the channel is full. Returns false if the room
  /// has ended. Any shard may call it.
  task<bool> send(RoomEvent event);

  /// Handles the event, or sends it if the channel has room now; otherwise leaves it unchanged and returns
  /// false. The caller holds the room.
  bool try_send(RoomEvent& event);

  /// Returns the members on one shard. Must be called on that shard.
  Roster& roster(std::size_t shard) { return by_shard_[shard].roster; }

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const RoomOptions& options() const { return options_; }
  [[nodiscard]] const Opener& opener() const { return opener_; }
  [[nodiscard]] net::Shard& home() const { return home_; }

  /// Returns the pace of publications by clients. Any thread may use it.
  [[nodiscard]] limits::PublishPace& publish_pace() { return publish_pace_; }

  /// Returns the number of members; 0 if the room keeps no presence. Any thread may read it.
  [[nodiscard]] const Headcount& headcount() const { return headcount_; }

  /// Returns whether a coroutine handles events, or is about to begin.
  [[nodiscard]] bool is_awake() const { return queue_.is_awake(); }

  /// Holds the room unless it is ending. Any thread may call it while the owner has not destroyed the room.
  [[nodiscard]] RoomHold try_hold();

 private:
  friend void intrusive_ptr_add_ref(const RoomActor* room) noexcept;
  friend void intrusive_ptr_release(RoomActor* room) noexcept;

  enum class Phase : std::uint8_t {
    idle,       ///< no event is being handled
    applying,   ///< an event is being handled; another one has to wait
    locating,   ///< the broker reads the position of the history
    publishing  ///< the broker keeps publications
  };

  class RunGuard;

  /// Sets the phase during a call.
  class InPhase {
   public:
    InPhase(RoomActor& room, Phase phase) : room_(room), before_(room.phase_) { room_.phase_ = phase; }
    InPhase(const InPhase&) = delete;
    InPhase& operator=(const InPhase&) = delete;
    ~InPhase() { room_.phase_ = before_; }

   private:
    RoomActor& room_;
    Phase before_;
  };

  /// The part of a room with a history.
  struct Recording {
    std::optional<Position> top;            // of the history; nullopt: unknown
    std::vector<event::Join> joining;       // joins that wait for the top
    net::Traffic::TimePoint began;          // when the current events were taken from the channel
    std::unique_ptr<Deadline> slow_broker;  // set while the broker takes longer than a turn
    std::atomic<std::uint32_t> posted{0};   // events on their way to the home shard
  };

  /// The members of one shard.
  struct ShardPart {
    Roster roster;              // used on that shard
    std::uint32_t members = 0;  // in the room's order; used on the home shard
  };

  using TimePoint = net::Traffic::TimePoint;

  static task<> run_to_the_end(RoomHold room);
  task<> run();
  void begin();
  void wake();
  void end();
  void end_of_turn() override;
  bool enqueue(RoomEvent& event);
  [[nodiscard]] bool goes_past_publications(const RoomEvent& event) const;
  [[nodiscard]] bool may_handle_at_once(const RoomEvent& event) const;
  void post_past_publications(RoomEvent& event);
  void handle_at_once(RoomEvent event);
  void take_waiting_events(Batch& batch);
  task<> find_top();
  task<Result<>> keep(Batch& batch, std::chrono::milliseconds timeout);
  void look_at_the_broker();
  void reject_waiting_publications();
  void apply(Batch& batch, const Result<>& kept, TimePoint taken);
  void apply(RoomEvent& event, Publication* publication, const Result<>& kept, TimePoint taken);
  void apply(event::Join& event);
  void apply(event::Leave& event);
  void apply(event::Publish& event, Publication& publication, const Result<>& kept, TimePoint taken);
  [[nodiscard]] bool is_listed(const Member& member) const;
  void count_in(const Member& member);
  void count_out(const Member& member);
  void count_people();
  void charge(const event::Publish& event) const;
  void announce(std::optional<Publication> publication, std::shared_ptr<limits::AddressQuota> quota);
  void announce_late();
  void announce_due();
  void add(const Publication& publication, TimePoint taken);
  void seal();
  void seal_at_turn_end();
  void deliver(const BlockWriter::Block& block);
  void deliver(const BlockWriter::Block& block, net::Shard& shard, TimePoint taken);

  mutable std::atomic<std::uint32_t> holds_{0};
  std::atomic<bool> is_closed_{false};
  Phase phase_ = Phase::idle;
  bool is_running_ = false;  // run() has begun, and has not ended
  bool is_retired_ = false;
  bool announces_late_ = false;  // later_ is set
  const std::string name_;
  const RoomOptions options_;
  RoomServices& services_;
  RoomOwner& owner_;
  net::Shard& home_;
  const Opener opener_;
  EventQueue queue_;
  RoomState state_;
  Headcount headcount_;
  limits::PublishPace publish_pace_;
  limits::AnnouncementPacer announcements_;
  std::unique_ptr<Deadline> later_;  // made when announcements wait
  PresenceSet presence_;
  BlockWriter writer_;
  TimePoint taken_;                       // when the oldest event in the writer was taken
  std::unique_ptr<Recording> recording_;  // of a room with a history
  std::vector<ShardPart> by_shard_;
  std::map<std::shared_ptr<limits::AddressQuota>, std::size_t> members_by_quota_;  // of those with a quota
};

}  // namespace coroom::detail::room
