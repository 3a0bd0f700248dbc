#pragma once

#include "core/keyed_hash.hpp"
#include "limits/address_quota.hpp"
#include "net/shard_group.hpp"
#include "room/membership_guard.hpp"

#include <coroom/clock.hpp>
#include <coroom/room_size.hpp>
#include <coroom/task.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace coroom::detail::room {

/// All rooms by name. A room comes into being when somebody enters it and is forgotten when the last one has
/// left. May be used from any thread, and by coroutines of any executor: what has to wait for a shard does so
/// in a task of that shard. Before open() and after close() it answers at once, by errors.
class Hub {
 public:
  /// What the services refers to outlives the hub's open() to close(); the hub outlives all its coroutines,
  /// all seats and the shards' room tasks.
  ///
  /// `options` gives those of a room by its name; any shard may call it.
  using OptionsOf = std::function<RoomOptions(std::string_view room)>;
  Hub(RoomServices services, OptionsOf options);

  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;
  ~Hub() = default;

  /// From here on the shards serve.
  void open();

  /// From here on nobody enters a room or is answered, and nothing is said: what was asked before is done by
  /// tasks that the shards' groups have, and rooms end when they have done it.
  void close();

  /// An error says why nothing is taken now.
  [[nodiscard]] Result<> is_open() const;

  /// Has a shard call `work`, before its tasks are waited for at the end. An error: not now, and never.
  Result<> post(net::Shard& shard, std::function<void()> work);

  /// Comes on the subscriber's shard. The author is how others are told of the subscriber. If that opens the
  /// room, the quota, which is of the subscriber, has it, if there is one. nullptr: there are as many rooms
  /// as there may be, in all or of this account, and this would be another one.
  task<std::unique_ptr<MembershipGuard>> join(std::string name, Subscriber& subscriber,
                                              SharedClientInfo client_info,
                                              std::shared_ptr<limits::AddressQuota> quota = nullptr);

  /// Says something in a room, as MembershipGuard::publish() does; where nobody is in it, the broker alone
  /// hears of it, if there may be another room. What becomes of it, an error too, is told to `done`. From any
  /// thread. The quota, if there is one, is of the publisher.
  task<Result<>> publish(std::string name, Publication publication, event::Publish::Done done,
                         std::shared_ptr<limits::AddressQuota> quota = nullptr);

  /// What was said in a room, and is kept. From any thread.
  ///@{
  task<Result<History>> history(std::string name, HistoryFilter filter);
  task<Result<>> remove_history(std::string name);
  ///@}

  /// Who is in a room. From any thread.
  task<PresenceSet::Snapshot> presence(std::string name);

  [[nodiscard]] RoomOptions options(std::string_view name) const { return options_(name); }

  /// Whether there may be a room of this name, or is one.
  [[nodiscard]] bool has_room_for(const std::string& name) const;

  /// How many rooms there are.
  [[nodiscard]] std::size_t size() const;

  /// Those with the most people, the fullest first, `limit` at most, of those with somebody in them that
  /// `wanted` takes. It is asked about each at most once, under the hub's lock: it must be quick and leave
  /// the hub alone. From any thread; costs a look at every room.
  [[nodiscard]] std::vector<RoomSize> fullest(std::size_t limit,
                                              const std::function<bool(const RoomCandidate&)>& wanted) const;

 private:
  enum class Phase { made, open, closed };

  /// A room that seats hold, or did until now.
  struct RoomRecord {
    std::weak_ptr<RoomActor> room;
    std::shared_ptr<const Headcount> headcount;
    SharedClientInfo opener;
  };

  template <class T, class Call>
  task<Result<T>> ask(net::Shard& shard, Call call);
  task<bool> send(std::shared_ptr<RoomActor> room, RoomEvent event);

  /// The room, opened by this author if there is none. nullptr: it would be one too many, or the hub is
  /// closed.
  std::shared_ptr<RoomActor> hold(const std::string& name, SharedClientInfo opener,
                                  std::shared_ptr<limits::AddressQuota> quota = nullptr);
  std::shared_ptr<RoomActor> find(const std::string& name) const;
  std::shared_ptr<RoomActor> open(const std::string& name, const RoomOptions& options,
                                  std::shared_ptr<void> place);
  void forget(const std::string& name);

  RoomServices services_;
  OptionsOf options_;
  mutable std::recursive_mutex mutex_;  // the end of a room that could not be opened takes it again
  std::unordered_map<std::string, RoomRecord, KeyedHash> rooms_;  // guarded by mutex_
  Phase phase_ = Phase::made;                                     // the same
};

}  // namespace coroom::detail::room
