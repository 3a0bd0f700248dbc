#pragma once

#include "core/async_event.hpp"
#include "room/room_actor.hpp"
#include "room/roster.hpp"

#include <coroom/broker.hpp>
#include <coroom/task.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace coroom::detail::room {

/// The membership of a subscriber, from the join to the leave. The room shares it during the join, so that
/// the subscriber may give up waiting. Must be used on the subscriber's shard, except for the members that
/// never change.
class Member : public std::enable_shared_from_this<Member> {
 public:
  Member(std::shared_ptr<RoomActor> into, Subscriber& subscriber, SharedClientInfo who,
         std::shared_ptr<limits::AddressQuota> quota);

  net::Shard& home;         // never changes
  const WireFormat format;  // never changes

  /// Completes when the room has admitted the subscriber, or has failed to. Returns whether it has.
  task<bool> wait();

  /// Called once, when the room has admitted the subscriber. `top` is the position of the room's history at
  /// that time; nullopt if it has no history or the broker could not read it.
  void admitted(std::optional<Position> top);

  /// Called when the room failed to admit the subscriber. Does nothing after admitted().
  void refused();

  /// Ends the membership or the pending join. Nothing is delivered afterwards.
  void give_up();

  [[nodiscard]] const std::shared_ptr<RoomActor>& room() const { return room_; }
  [[nodiscard]] const SharedClientInfo& client_info() const { return client_info_; }

  /// Returns the quota of the subscriber's address; nullptr: no quota.
  [[nodiscard]] const std::shared_ptr<limits::AddressQuota>& quota() const { return quota_; }

  /// Returns the room's position at the join; publications with greater offsets are delivered.
  [[nodiscard]] const std::optional<Position>& position() const { return position_; }

 private:
  void tell_room_of_leaving();

  std::shared_ptr<RoomActor> room_;
  RosterSlot roster_slot_;
  SharedClientInfo client_info_;
  const std::shared_ptr<limits::AddressQuota> quota_;
  std::optional<Position> position_;
  AsyncEvent* waiting_ = nullptr;
  bool admitted_ = false;
  bool refused_ = false;
  bool given_up_ = false;
};

/// Sends an event to a room's channel, as RoomActor::send() does.
using SendEvent = std::function<task<bool>(std::shared_ptr<RoomActor>, RoomEvent)>;

/// Sends a publication to the room's channel when the room's pace allows it, as MembershipGuard::publish()
/// does. `quota` is of the publisher's address; nullptr: nothing is charged. `send` may be nullptr on a shard
/// only.
task<Result<>> publish(std::shared_ptr<RoomActor> room, std::shared_ptr<limits::AddressQuota> quota,
                       Publication publication, event::Publish::Done done, SendEvent send = nullptr);

/// Puts a publication into the room's channel without waiting. Any thread. A rejected publication may be
/// charged. Errors: Errc::too_fast, where the publisher would have to wait; Errc::stopped.
Result<> post(const std::shared_ptr<RoomActor>& room, std::shared_ptr<limits::AddressQuota> quota,
              Publication publication);

/// A subscriber's membership in a room: joined by take(), left by the destructor on every path. Must be used
/// on the subscriber's shard; the subscriber must outlive it.
class MembershipGuard {
 public:
  MembershipGuard(std::shared_ptr<RoomActor> room, Subscriber& subscriber, SharedClientInfo client_info,
                  std::shared_ptr<limits::AddressQuota> quota = nullptr);

  MembershipGuard(const MembershipGuard&) = delete;
  MembershipGuard& operator=(const MembershipGuard&) = delete;

  /// Leaves the room. Nothing is delivered afterwards; the other members are notified in the room's order.
  ~MembershipGuard();

  /// Joins the room, and completes when the room has admitted the subscriber. Called once, by the hub.
  /// Errors: Errc::stopped; Errc::failed if there is no memory.
  task<Result<>> take();

  /// Publishes to all members of the room, the publisher included. Completes once the publication has its
  /// place in the room's order. Waits while the channel is full or the publishers exceed the room's rate.
  /// `done`, if not empty, is called on the room's shard once the broker has kept the publication or failed.
  /// A publication over its rate fails with Errc::too_fast; `done` is then called here.
  task<Result<>> publish(Publication publication, event::Publish::Done done);

  /// Sets the client info to that of the subscriber, if there is none.
  void sign(Publication& publication) const {
    if (!publication.client_info) publication.client_info = member_->client_info();
  }

  [[nodiscard]] const Member& member() const { return *member_; }

 private:
  std::shared_ptr<Member> member_;
};

}  // namespace coroom::detail::room
