#pragma once

#include "room/encoding.hpp"

#include <coroom/publication.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace coroom::room {

class Room;
class Entry;

/// What goes through a room's channel, and so gets its place in the room's order.
class RoomEvent {
 public:
  enum class Kind { wake, enter, leave, publish };

  RoomEvent() = default;

  static RoomEvent enter(std::shared_ptr<Entry> who) {
    RoomEvent event(Kind::enter, nullptr);
    event.entry = std::move(who);
    return event;
  }

  /// The seat is gone already; what it held of the room ends with the event.
  static RoomEvent leave(SharedAuthor author, Encoding encoding, std::size_t shard,
                         std::shared_ptr<Room> hold) {
    RoomEvent event(Kind::leave, std::move(author));
    event.encoding = encoding;
    event.shard = shard;
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
  std::shared_ptr<Entry> entry;      // enter
  std::optional<Encoding> encoding;  // leave
  std::size_t shard = 0;             // leave
  std::shared_ptr<Room> hold;        // leave
  Publication publication;           // publish

 private:
  RoomEvent(Kind what, SharedAuthor who) : kind(what), author(std::move(who)) {}
};

}  // namespace coroom::room
