#pragma once

#include "core/event.hpp"
#include "room/room.hpp"
#include "room/roster.hpp"

#include <coroom/message.hpp>
#include <coroom/task.hpp>

#include <memory>

namespace coroom::room {

/// A subscriber's membership in a room: who holds a seat is in the room, and leaves it by giving the seat up,
/// so no path forgets to leave. Lives on the subscriber's shard; the subscriber outlives it.
class Seat {
 public:
  Seat(std::shared_ptr<Room> room, Subscriber& subscriber, SharedAuthor author);

  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;

  /// From here on nothing is delivered any more. The others are told in the room's order.
  ~Seat();

  /// Ends when the room has let the subscriber in. Called once, by the hub, and not cancelled.
  task<> take();

  /// Says something to everybody in the room, its author too. Ends when it has its place in the room's order;
  /// waits while the room has more to do than it can.
  task<> publish(Message message);

  [[nodiscard]] Subscriber& subscriber() { return place_.subscriber; }

  /// The room's word that the seat is taken. On the subscriber's shard.
  void seated();

 private:
  std::shared_ptr<Room> room_;
  Place place_;
  SharedAuthor author_;
  Event* waiting_ = nullptr;
  bool seated_ = false;
};

}  // namespace coroom::room
