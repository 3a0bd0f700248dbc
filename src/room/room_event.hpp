#pragma once

#include "limits/address_quota.hpp"
#include "room/presence_set.hpp"
#include "room/room_hold.hpp"

#include <coroom/broker.hpp>
#include <coroom/publication.hpp>

#include <functional>
#include <memory>
#include <utility>
#include <variant>

namespace coroom::detail::room {

/// The events of a room's channel, which gives them their order.
namespace event {

/// An event that only wakes the room.
struct Wake {};

/// A join. Notifies the member that it is admitted, or, if destroyed before that, that it is refused.
struct Join {
  explicit Join(MemberPtr joining) : member(std::move(joining)) {}
  Join(Join&&) noexcept = default;
  Join& operator=(Join&&) noexcept = default;
  Join(const Join&) = delete;
  Join& operator=(const Join&) = delete;
  ~Join();

  MemberPtr member;  // nullptr: it is admitted
};

/// A leave, sent after the membership has ended. Releases the member's share of the counts.
struct Leave {
  explicit Leave(MemberPtr left) : member(std::move(left)) {}

  MemberPtr member;
};

/// A publication. `done` is called once, on the room's shard or where the event is destroyed, with the
/// position or the error.
struct Publish {
  using Done = std::function<void(const Result<Position>&)>;

  Publish(Publication what, RoomHold room, Done when_done, std::shared_ptr<limits::AddressQuota> of)
      : publication(std::move(what)),
        hold(std::move(room)),
        done(std::move(when_done)),
        quota(std::move(of)) {}
  Publish(Publish&& other) noexcept
      : publication(std::move(other.publication)),
        hold(std::move(other.hold)),
        done(std::exchange(other.done, nullptr)),
        quota(std::move(other.quota)) {}
  Publish& operator=(Publish&& other) noexcept {
    publication = std::move(other.publication);
    hold = std::move(other.hold);
    done = std::exchange(other.done, nullptr);
    quota = std::move(other.quota);
    return *this;
  }
  Publish(const Publish&) = delete;
  Publish& operator=(const Publish&) = delete;
  ~Publish();

  Publication publication;
  RoomHold hold;                                // keeps the room until `done` is called
  Done done;                                    // may be empty
  std::shared_ptr<limits::AddressQuota> quota;  // of the publisher's address; nullptr: no charge
};

/// A query of the members. `done` is called once, on the room's shard.
struct ReadPresence {
  using Done = std::function<void(PresenceSet::Snapshot)>;

  explicit ReadPresence(RoomHold room, Done to) : hold(std::move(room)), done(std::move(to)) {}

  RoomHold hold;
  Done done;
};

}  // namespace event

using RoomEvent = std::variant<event::Wake, event::Join, event::Leave, event::Publish, event::ReadPresence>;

}  // namespace coroom::detail::room
