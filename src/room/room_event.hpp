#pragma once

#include "limits/address_quota.hpp"
#include "room/presence_set.hpp"
#include "room/wire_format.hpp"

#include <coroom/broker.hpp>
#include <coroom/publication.hpp>

#include <functional>
#include <memory>
#include <utility>
#include <variant>

namespace coroom::detail::room {

class RoomActor;
class Member;

/// The events of a room's channel, which gives them their order.
namespace event {

/// An event that only wakes the room.
struct Wake {};

/// A join. Notifies `who` that it is admitted, or, if destroyed before that, that it is refused.
struct Join {
  explicit Join(std::shared_ptr<Member> member) : who(std::move(member)) {}
  Join(Join&&) noexcept = default;
  Join& operator=(Join&&) noexcept = default;
  Join(const Join&) = delete;
  Join& operator=(const Join&) = delete;
  ~Join();

  std::shared_ptr<Member> who;
};

/// A leave, sent after the membership has ended. Releases its hold on the room and its share of the counts.
struct Leave {
  Leave(SharedClientInfo client_info, const WireFormat& read, std::size_t home,
        std::shared_ptr<RoomActor> room, std::shared_ptr<limits::AddressQuota> of)
      : who(std::move(client_info)), format(read), shard(home), hold(std::move(room)), quota(std::move(of)) {}

  SharedClientInfo who;
  WireFormat format;
  std::size_t shard;
  std::shared_ptr<RoomActor> hold;
  std::shared_ptr<limits::AddressQuota> quota;  // of the client's address; nullptr: no quota
};

/// A publication. `done` is called once, on the room's shard or where the event is destroyed, with the
/// position or the error.
struct Publish {
  using Done = std::function<void(const Result<Position>&)>;

  Publish(Publication what, std::shared_ptr<RoomActor> room, Done when_done,
          std::shared_ptr<limits::AddressQuota> of)
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
  std::shared_ptr<RoomActor> hold;              // keeps the room until `done` is called
  Done done;                                    // may be empty
  std::shared_ptr<limits::AddressQuota> quota;  // of the publisher's address; nullptr: no charge
};

/// A query of the members. `done` is called once, on the room's shard.
struct ReadPresence {
  using Done = std::function<void(PresenceSet::Snapshot)>;

  explicit ReadPresence(std::shared_ptr<RoomActor> room, Done to)
      : hold(std::move(room)), done(std::move(to)) {}

  std::shared_ptr<RoomActor> hold;
  Done done;
};

}  // namespace event

using RoomEvent = std::variant<event::Wake, event::Join, event::Leave, event::Publish, event::ReadPresence>;

}  // namespace coroom::detail::room
