#include "room/seat.hpp"

#include <utility>

namespace coroom::room {
namespace {

task<> send_later(std::shared_ptr<Room> room, RoomEvent event) {
  co_await room->send(std::move(event));
}

}  // namespace

Entry::Entry(std::shared_ptr<Room> into, Subscriber& subscriber, SharedAuthor who,
             std::shared_ptr<net::Account> of_address)
    : home(subscriber.home()),
      encoding(subscriber.encoding()),
      room_(std::move(into)),
      place_(subscriber),
      author_(std::move(who)),
      account_(std::move(of_address)) {}

task<> Entry::wait() {
  Event event;
  const auto stop_waiting = [this](Event*) { waiting_ = nullptr; };
  const std::unique_ptr<Event, decltype(stop_waiting)> waits(&event, stop_waiting);
  waiting_ = &event;
  while (!seated_) co_await event.wait();
}

void Entry::seated(std::optional<Position> top) {
  position_ = std::move(top);
  if (given_up_) return tell_room_of_leaving();
  room_->roster(home.index()).add(place_);
  seated_ = true;
  if (waiting_ != nullptr) waiting_->notify();
}

void Entry::give_up() {
  given_up_ = true;
  if (!seated_) return;  // the room may still let it in; then seated() tells it
  room_->roster(home.index()).remove(place_);
  tell_room_of_leaving();
}

void Entry::tell_room_of_leaving() {
  const auto room = room_;
  RoomEvent event =
      event::Leave(std::move(author_), std::move(account_), encoding, home.index(), std::move(room_));
  if (!room->try_send(event)) home.connection_tasks().spawn(send_later(room, std::move(event)));
}

Seat::Seat(std::shared_ptr<Room> room, Subscriber& subscriber, SharedAuthor author,
           std::shared_ptr<net::Account> account)
    : entry_(std::make_shared<Entry>(std::move(room), subscriber, std::move(author), std::move(account))) {}

Seat::~Seat() {
  entry_->give_up();
}

task<> Seat::take() {
  RoomEvent enter = event::Enter(entry_);
  co_await entry_->room()->send(std::move(enter));
  co_await entry_->wait();
}

task<> Seat::publish(Publication publication, event::Publish::Done done) {
  if (!publication.author) publication.author = entry_->author();
  RoomEvent event =
      event::Publish(std::move(publication), entry_->room(), std::move(done), entry_->account());
  co_await entry_->room()->send(std::move(event));
}

}  // namespace coroom::room
