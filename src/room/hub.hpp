#pragma once

#include "core/keyed_hash.hpp"
#include "limits/address_quota.hpp"
#include "net/shard_group.hpp"
#include "room/member.hpp"
#include "room/publish.hpp"
#include "room/room_actor.hpp"

#include <coroom/room_size.hpp>
#include <coroom/task.hpp>

#include <boost/unordered/unordered_flat_set.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace coroom::detail::room {

/// All rooms by name. A room is opened when its first member joins, and forgotten when the last one has left.
/// Any thread may use the hub, and coroutines of any executor; tasks of the shards do the waiting there.
/// Before open() and after close(), calls fail at once.
class Hub final : private RoomOwner {
 public:
  /// All that `services` refers to must live from open() to close(). The hub must outlive its coroutines, all
  /// memberships and the shards' room tasks.
  ///
  /// `options` returns the options of a room by its name; any shard may call it.
  using OptionsOf = std::function<RoomOptions(std::string_view room)>;
  Hub(RoomServices services, OptionsOf options);

  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;
  ~Hub() = default;  // after the last room

  /// Accepts calls from now on. The shards must be running.
  void open();

  /// Rejects calls from now on. Tasks of the shards complete the pending calls, and rooms end when those are
  /// done.
  void close();

  /// Fails, with the reason, unless the hub accepts calls.
  [[nodiscard]] Result<> is_open() const;

  /// Calls `work` on a shard, before shutdown waits for the shard's tasks. On an error, `work` is never
  /// called.
  Result<> post(net::Shard& shard, std::function<void()> work);

  /// Joins a room, and opens it if there is none. Must be called on the member's shard, and begins at once.
  /// If this opens the room, the room counts in the member's quota. Errors: those of hold() and
  /// Member::join().
  [[nodiscard]] task<Result<>> join(const std::string& name, const MemberPtr& member);

  /// Publishes to a room, as room::publish() does, from any thread. Without members, only the
  /// broker gets the publication; it fails if the limit of all rooms is reached. Without members and history,
  /// the publication is dropped. `done` gets the result, errors too. `quota` is of the publisher's address;
  /// nullptr: no quota.
  task<> publish(const std::string& name, Publication publication, event::Publish::Done done,
                 std::shared_ptr<limits::AddressQuota> quota = nullptr);

  /// Publishes as Room::publish() and Room::post() do. The publication is valid.
  ///@{
  task<Result<Position>> publish(std::string name, Publication publication,
                                 std::shared_ptr<limits::AddressQuota> quota);
  Result<> post(const std::string& name, Publication publication,
                std::shared_ptr<limits::AddressQuota> quota);
  ///@}

  /// These read and delete the history of a room. Any thread may call them.
  ///@{
  task<Result<History>> history(std::string name, HistoryFilter filter);
  task<Result<>> remove_history(std::string name);
  ///@}

  /// Returns the members of a room. Any thread may call it.
  task<PresenceSet::Snapshot> presence(std::string name);

  [[nodiscard]] RoomOptions options(std::string_view name) const { return options_(name); }

  /// Returns whether the room exists or may be opened.
  [[nodiscard]] bool has_room_for(const std::string& name) const;

  /// Returns the number of rooms.
  [[nodiscard]] std::size_t size() const;

  /// Returns the rooms with the most users, the fullest first: at most `limit` of those with users that
  /// `wanted` accepts. Calls `wanted` at most once for each room, under the hub's lock: it must be quick and
  /// must not use the hub. Any thread may call it; visits every room.
  [[nodiscard]] std::vector<RoomSize> fullest(std::size_t limit,
                                              const std::function<bool(const RoomCandidate&)>& wanted) const;

 private:
  enum class Phase { made, open, closed };

  /// A name with its hash, which is computed once for all look-ups of a call.
  struct HashedName {
    explicit HashedName(std::string_view text) : name(text), hash(keyed_hash(text)) {}

    std::string_view name;
    std::size_t hash;
  };

  /// The hash function and the equality of the rooms, by name.
  struct ByName {
    using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard's name

    std::size_t operator()(const HashedName& key) const { return key.hash; }
    std::size_t operator()(const RoomActor* room) const { return keyed_hash(room->name()); }
    bool operator()(const RoomActor* left, const RoomActor* right) const {
      return left->name() == right->name();
    }
    bool operator()(const HashedName& left, const RoomActor* right) const {
      return left.name == right->name();
    }
    bool operator()(const RoomActor* left, const HashedName& right) const {
      return left->name() == right.name;
    }
  };

  template <class T, class Call>
  task<Result<T>> ask(net::Shard& shard, Call call);
  task<bool> send(RoomHold room, RoomEvent event);

  using Found = Result<RoomHold>;

  /// Returns the room; opens it, in the name of `opener`, if it does not exist. The options are the room's,
  /// read before the lock is taken, as a program's function gives them.
  /// Errors: the hub is not open, or a limit of rooms is reached.
  Found hold(const std::string& name, const RoomOptions& options, RoomActor::Opener opener);

  /// Returns the room to publish to; nullptr: it does not exist, and keeps no history.
  Found publishes_to(const std::string& name, const RoomOptions& options,
                     const SharedClientInfo& client_info);

  /// Returns a function that puts an event into a room's channel from any executor, as send() does.
  SendEvent by_shard();

  [[nodiscard]] RoomHold find(std::string_view name) const;
  void end(RoomActor& room) noexcept override;

  RoomServices services_;
  OptionsOf options_;
  mutable std::recursive_mutex mutex_;  // recursive: the end of an unopened room locks it again
  boost::unordered_flat_set<RoomActor*, ByName, ByName> rooms_;  // open, or ending; guarded by mutex_
  Phase phase_ = Phase::made;                                    // guarded by mutex_
};

}  // namespace coroom::detail::room
