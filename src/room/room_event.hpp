#pragma once

#include "net/account.hpp"
#include "room/encoding.hpp"
#include "room/presence_set.hpp"

#include <coroom/broker.hpp>
#include <coroom/publication.hpp>

#include <functional>
#include <memory>
#include <utility>
#include <variant>

namespace coroom::room {

class Room;
class Entry;

/// What goes through a room's channel, and so gets its place in the room's order.
namespace event {

/// Nothing but that the room looks up.
struct Wake {};

struct Enter {
  explicit Enter(std::shared_ptr<Entry> entry) : who(std::move(entry)) {}

  std::shared_ptr<Entry> who;
};

/// The seat is gone already; what it held of the room ends with the event.
struct Leave {
  Leave(SharedAuthor author, std::shared_ptr<net::Account> of_address, const Encoding& read, std::size_t home,
        std::shared_ptr<Room> room)
      : who(std::move(author)),
        account(std::move(of_address)),
        encoding(read),
        shard(home),
        hold(std::move(room)) {}

  SharedAuthor who;
  std::shared_ptr<net::Account> account;  // may be nullptr
  Encoding encoding;
  std::size_t shard;
  std::shared_ptr<Room> hold;
};

/// `done` is called once, on the room's shard; what it is given says whether the publication was kept.
struct Publish {
  using Done = std::function<void(const Result<Position>&)>;

  Publish(Publication what, std::shared_ptr<Room> room, Done when_done,
          std::shared_ptr<net::Account> of_address)
      : publication(std::move(what)),
        hold(std::move(room)),
        done(std::move(when_done)),
        account(std::move(of_address)) {}

  Publication publication;
  std::shared_ptr<Room> hold;             // somebody waits to be told, whoever leaves
  Done done;                              // may be empty
  std::shared_ptr<net::Account> account;  // of the publisher's address, which pays; nullptr: nobody does
};

/// Who is here? `answer` is called once, on the room's shard.
struct Census {
  using Answer = std::function<void(PresenceSet::Snapshot)>;

  explicit Census(std::shared_ptr<Room> room, Answer to) : hold(std::move(room)), answer(std::move(to)) {}

  std::shared_ptr<Room> hold;
  Answer answer;
};

}  // namespace event

using RoomEvent = std::variant<event::Wake, event::Enter, event::Leave, event::Publish, event::Census>;

}  // namespace coroom::room
