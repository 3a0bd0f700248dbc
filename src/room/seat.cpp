#include "room/seat.hpp"

#include <utility>

namespace coroom::room {
namespace {

task<> send_later(std::shared_ptr<Room> room, RoomEvent event) {
  co_await room->send(std::move(event));
}

}  // namespace

Seat::Seat(std::shared_ptr<Room> room, Subscriber& subscriber, SharedAuthor author)
    : room_(std::move(room)), place_(subscriber), author_(std::move(author)) {}

Seat::~Seat() {
  if (!seated_) return;
  net::Shard& shard = place_.subscriber.home();
  room_->roster(shard.index()).remove(place_);
  const auto room = room_;
  RoomEvent event = RoomEvent::leave(std::move(author_), place_.subscriber, std::move(room_));
  if (!room->try_send(event)) shard.connection_tasks().spawn(send_later(room, std::move(event)));
}

task<> Seat::take() {
  Event event(place_.subscriber.home().executor());
  waiting_ = &event;
  RoomEvent enter = RoomEvent::enter(*this, author_);
  co_await room_->send(std::move(enter));
  while (!seated_) co_await event.wait();
  waiting_ = nullptr;
}

task<> Seat::publish(Message message) {
  RoomEvent event = RoomEvent::publish(Publication(author_, std::move(message)));
  co_await room_->send(std::move(event));
}

void Seat::seated() {
  room_->roster(place_.subscriber.home().index()).add(place_);
  seated_ = true;
  waiting_->notify();
}

}  // namespace coroom::room
