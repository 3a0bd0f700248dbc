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

/// A subscriber on its way into a room, and in it. The room holds it too while it lets the subscriber in, so
/// that a subscriber may give up waiting. Used on the subscriber's shard, but for what never changes.
class Member : public std::enable_shared_from_this<Member> {
 public:
  Member(std::shared_ptr<RoomActor> into, Subscriber& subscriber, SharedClientInfo who,
         std::shared_ptr<limits::AddressQuota> quota);

  net::Shard& home;         // never changes
  const WireFormat format;  // never changes

  /// Ends when the room has let the subscriber in. Throws if it failed to.
  task<> wait();

  /// The room's word that the subscriber is in, and where the room's history stood then, if it has one that
  /// can be read. Called once.
  void admitted(std::optional<Position> top);

  /// The room failed to let the subscriber in. Without a meaning once it is in.
  void refused();

  /// The subscriber goes, or no longer wants to come. Nothing is delivered to it any more.
  void give_up();

  [[nodiscard]] const std::shared_ptr<RoomActor>& room() const { return room_; }
  [[nodiscard]] const SharedClientInfo& client_info() const { return client_info_; }

  /// Of the subscriber's address; nullptr: none is kept.
  [[nodiscard]] const std::shared_ptr<limits::AddressQuota>& quota() const { return quota_; }

  /// Of the room, when the subscriber came in; what has a greater offset is delivered to it.
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

/// Puts an event into a room's channel, as RoomActor::send() does.
using SendEvent = std::function<task<bool>(std::shared_ptr<RoomActor>, RoomEvent)>;

/// Puts a publication into the room's channel, when its pace lets it, as MembershipGuard::publish() does.
/// `account` is of the publisher's address; nullptr: none is kept, and nothing is charged. `send` is nullptr
/// on a shard.
task<Result<>> publish(std::shared_ptr<RoomActor> room, std::shared_ptr<limits::AddressQuota> quota,
                       Publication publication, event::Publish::Done done, SendEvent send = nullptr);

/// A subscriber's membership in a room: who holds a seat is in the room, and leaves it by giving the seat up,
/// so no path forgets to leave. Lives on the subscriber's shard; the subscriber outlives it.
class MembershipGuard {
 public:
  MembershipGuard(std::shared_ptr<RoomActor> room, Subscriber& subscriber, SharedClientInfo client_info,
                  std::shared_ptr<limits::AddressQuota> quota = nullptr);

  MembershipGuard(const MembershipGuard&) = delete;
  MembershipGuard& operator=(const MembershipGuard&) = delete;

  /// From here on nothing is delivered any more. The others are told in the room's order.
  ~MembershipGuard();

  /// Ends when the room has let the subscriber in. Called once, by the hub.
  task<> take();

  /// Says something to everybody in the room, its author too. Ends when it has its place in the room's order;
  /// waits while the room has more to do than it can, or its publishers are over their rate. `done`, if there
  /// is one, is called on the room's shard when it is known whether the room could keep it. An error, of the
  /// kind too_fast: it is not published; `done` is called with it here.
  task<Result<>> publish(Publication publication, event::Publish::Done done);

  /// Makes the subscriber the author, if there is none.
  void sign(Publication& publication) const {
    if (!publication.client_info) publication.client_info = member_->client_info();
  }

  [[nodiscard]] const Member& member() const { return *member_; }

 private:
  std::shared_ptr<Member> member_;
};

}  // namespace coroom::detail::room
