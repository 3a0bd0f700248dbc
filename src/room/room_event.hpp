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

/// What goes through a room's channel, and so gets its place in the room's order.
namespace event {

/// Nothing but that the room looks up.
struct Wake {};

/// `who` is told that it is in; if the event goes before that, that it is not.
struct Join {
  explicit Join(std::shared_ptr<Member> member) : who(std::move(member)) {}
  Join(Join&&) noexcept = default;
  Join& operator=(Join&&) noexcept = default;
  Join(const Join&) = delete;
  Join& operator=(const Join&) = delete;
  ~Join();

  std::shared_ptr<Member> who;
};

/// The seat is gone already; what it held of the room ends with the event.
struct Leave {
  Leave(SharedClientInfo client_info, const WireFormat& read, std::size_t home,
        std::shared_ptr<RoomActor> room, std::shared_ptr<limits::AddressQuota> of)
      : who(std::move(client_info)), format(read), shard(home), hold(std::move(room)), quota(std::move(of)) {}

  SharedClientInfo who;
  WireFormat format;
  std::size_t shard;
  std::shared_ptr<RoomActor> hold;
  std::shared_ptr<limits::AddressQuota> quota;  // of the address; nullptr: none is kept
};

/// `done` is called once, on the room's shard or where the event ends; what it is given says whether the
/// publication was kept.
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
  std::shared_ptr<RoomActor> hold;  // somebody waits to be told, whoever leaves
  Done done;                        // may be empty
  std::shared_ptr<limits::AddressQuota>
      quota;  // of the publisher's address, which pays; nullptr: nobody does
};

/// Who is here? `answer` is called once, on the room's shard.
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
