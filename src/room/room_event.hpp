#pragma once

#include "room/publication.hpp"
#include "room/subscriber.hpp"

#include <memory>
#include <utility>

namespace coroom::room {

class Room;
class Seat;

/// What goes through a room's channel, and so gets its place in the room's order.
class RoomEvent {
 public:
  enum class Kind { wake, enter, leave, publish };

  RoomEvent() = default;

  /// The seat waits until it is taken, so it outlives the event.
  static RoomEvent enter(Seat& seat, SharedAuthor author) {
    RoomEvent event(Kind::enter, std::move(author));
    event.seat = &seat;
    return event;
  }

  /// The seat is gone already; what it held of the room ends with the event.
  static RoomEvent leave(SharedAuthor author, const Subscriber& who, std::shared_ptr<Room> hold) {
    RoomEvent event(Kind::leave, std::move(author));
    event.encoder = &who.encoder();
    event.shard = who.home().index();
    event.hold = std::move(hold);
    return event;
  }

  static RoomEvent publish(Publication publication) {
    RoomEvent event(Kind::publish, publication.author);
    event.publication = std::move(publication);
    return event;
  }

  Kind kind = Kind::wake;
  SharedAuthor author;
  Seat* seat = nullptr;              // enter
  const Encoder* encoder = nullptr;  // leave
  std::size_t shard = 0;             // leave
  std::shared_ptr<Room> hold;        // leave
  Publication publication;           // publish

 private:
  RoomEvent(Kind what, SharedAuthor who) : kind(what), author(std::move(who)) {}
};

}  // namespace coroom::room
