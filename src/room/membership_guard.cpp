#include "room/membership_guard.hpp"

#include "core/insist.hpp"
#include "core/thrown.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <utility>

namespace coroom::detail::room {
namespace {

task<> send(std::shared_ptr<RoomActor> room, event::Leave leave) {
  RoomEvent event = std::move(leave);
  co_await room->send(std::move(event));
}

}  // namespace

event::Join::~Join() {
  if (!who) return;
  detail::insist("a join",
                 [this] { boost::asio::post(who->home.executor(), [member = who] { member->refused(); }); });
}

event::Publish::~Publish() {
  if (!done) return;
  const bool is_stopped = hold && hold->is_closed();
  detail::log_what_is_thrown("a completion handler threw", [&] {
    done(is_stopped ? failure(Errc::stopped, "the room has ended") : failure("the room failed"));
  });
}

Member::Member(std::shared_ptr<RoomActor> into, Subscriber& subscriber, SharedClientInfo who,
               std::shared_ptr<limits::AddressQuota> quota)
    : home(subscriber.home()),
      format(subscriber.format()),
      room_(std::move(into)),
      roster_slot_(subscriber),
      client_info_(std::move(who)),
      quota_(std::move(quota)) {}

task<bool> Member::wait() {
  detail::AsyncEvent event;
  const auto stop_waiting = [this](detail::AsyncEvent*) { waiting_ = nullptr; };
  const std::unique_ptr<detail::AsyncEvent, decltype(stop_waiting)> waits(&event, stop_waiting);
  waiting_ = &event;
  while (!admitted_ && !refused_) co_await event.wait();
  co_return admitted_;
}

void Member::admitted(std::optional<Position> top) {
  position_ = std::move(top);
  if (given_up_) return tell_room_of_leaving();
  try {
    room_->roster(home.index()).add(roster_slot_);
    admitted_ = true;
  } catch (const std::exception&) {  // out of memory, after the room has counted the member
    refused_ = true;
    tell_room_of_leaving();
  }
  if (waiting_ != nullptr) waiting_->notify();
}

void Member::refused() {
  if (admitted_) return;
  refused_ = true;
  if (waiting_ != nullptr) waiting_->notify();
}

void Member::give_up() {
  given_up_ = true;
  if (!admitted_) return;  // the room may still admit it; admitted() then reports the leave
  room_->roster(home.index()).remove(roster_slot_);
  tell_room_of_leaving();
}

void Member::tell_room_of_leaving() {
  const auto room = std::move(room_);
  if (room->is_closed()) return;  // the channel is gone if the program has destroyed the context
  detail::insist("a leave", [&] {
    // A new event for each attempt: the channel or the task may move from it and then run out of memory.
    const auto leave = [client_info = client_info_, read = format, shard = home.index(), room,
                        quota = quota_] { return event::Leave(client_info, read, shard, room, quota); };
    RoomEvent event = leave();
    if (room->try_send(event)) return;
    home.connection_tasks().spawn_lasting([room, leave] { return send(room, leave()); });
  });
}

namespace {

/// Passes the error to `done` and returns it.
Result<> not_published(const Error& why, const event::Publish::Done& done) {
  if (done) done(tl::unexpected(why));
  return tl::unexpected(why);
}

}  // namespace

task<Result<>> publish(std::shared_ptr<RoomActor> room, std::shared_ptr<limits::AddressQuota> quota,
                       Publication publication, event::Publish::Done done, SendEvent send) {
  if (quota) {
    const auto wait =
        charge(room->name(), room->publish_pace(), *quota, publication, std::chrono::steady_clock::now());
    if (!wait) co_return not_published(wait.error(), done);
    if (wait->count() > 0) {
      const limits::AddressQuota::Waiting waiting(*quota);
      boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, *wait);
      const auto [ec] = co_await timer.async_wait(as_result);
      if (ec) co_return not_published(Error{"the publisher has ended", Errc::closed}, done);
    }
  }
  RoomEvent event = event::Publish(std::move(publication), room, std::move(done), std::move(quota));
  bool sent = false;
  if (send) {
    sent = co_await send(room, std::move(event));
  } else {
    sent = co_await room->send(std::move(event));
  }
  if (!sent) co_return failure(Errc::stopped, "the room has ended");
  co_return Result<>();
}

Result<> post(const std::shared_ptr<RoomActor>& room, std::shared_ptr<limits::AddressQuota> quota,
              Publication publication) {
  if (room->is_closed()) return failure(Errc::stopped, "the room has ended");
  if (quota) {
    constexpr limits::PublishPace::Duration no_wait{0};
    const auto charged = charge(room->name(), room->publish_pace(), *quota, publication,
                                std::chrono::steady_clock::now(), no_wait);
    if (!charged) return tl::unexpected(charged.error());
  }
  RoomEvent event = event::Publish(std::move(publication), room, nullptr, std::move(quota));
  if (!room->try_send(event)) return failure(Errc::too_fast, "the queue of the room is full");
  return {};
}

MembershipGuard::MembershipGuard(std::shared_ptr<RoomActor> room, Subscriber& subscriber,
                                 SharedClientInfo client_info, std::shared_ptr<limits::AddressQuota> quota)
    : member_(
          std::make_shared<Member>(std::move(room), subscriber, std::move(client_info), std::move(quota))) {}

MembershipGuard::~MembershipGuard() {
  member_->give_up();
}

task<Result<>> MembershipGuard::take() {
  const std::shared_ptr<RoomActor> room = member_->room();
  RoomEvent join = event::Join(member_);
  co_await room->send(std::move(join));
  if (co_await member_->wait()) co_return Result<>();
  if (room->is_closed()) co_return failure(Errc::stopped, "the room has ended");
  co_return failure("the room could not add the member");
}

task<Result<>> MembershipGuard::publish(Publication publication, event::Publish::Done done) {
  sign(publication);
  return room::publish(member_->room(), member_->quota(), std::move(publication), std::move(done));
}

}  // namespace coroom::detail::room
