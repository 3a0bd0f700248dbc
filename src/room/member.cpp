#include "room/member.hpp"

#include "core/completed.hpp"
#include "core/insist.hpp"
#include "room/room_actor.hpp"

#include <exception>
#include <utility>

namespace coroom::detail::room {
namespace {

// A paused member waits for a history to be read. If that takes so long that this is exceeded, the disk is
// too slow, and the client recovers sooner by a new connection.
constexpr std::size_t hold_limit = 1 << 20;  // bytes

task<> send_leave(MemberPtr member) {
  RoomEvent leave = event::Leave(member);
  co_await member->room()->send(std::move(leave));
}

}  // namespace

void intrusive_ptr_add_ref(const Member* member) noexcept {
  member->owners_.fetch_add(1, std::memory_order_relaxed);
}

void intrusive_ptr_release(const Member* member) noexcept {
  if (member->owners_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete member;
}

Member::Member(Profile profile, bool paused)
    : profile_(std::move(profile)), held_(paused ? std::make_unique<Held>() : nullptr) {}

task<Result<>> Member::join(RoomHold room) {
  room_ = room;
  RoomEvent join = event::Join(MemberPtr(this));
  const bool is_sent = room->try_send(join);
  if (state_ == State::member) return detail::completed(Result<>());
  return wait_for_admission(std::move(room), std::move(join), is_sent);
}

/// `join` is sent first unless it is sent.
task<Result<>> Member::wait_for_admission(RoomHold room, RoomEvent join, bool is_sent) {
  if (!is_sent) co_await room->send(std::move(join));
  detail::AsyncEvent event;
  const auto stop_waiting = [this](detail::AsyncEvent*) { waiting_ = nullptr; };
  const std::unique_ptr<detail::AsyncEvent, decltype(stop_waiting)> waits(&event, stop_waiting);
  waiting_ = &event;
  while (state_ == State::joining) co_await event.wait();
  if (state_ == State::member) co_return Result<>();
  if (room->is_closed()) co_return failure(Errc::stopped, "the room has ended");
  co_return failure("the room could not add the member");
}

void Member::admitted(const std::optional<Position>& top) {
  if (state_ == State::left) return notify_room_of_leaving();
  try {
    if (top) position_ = std::make_unique<const Position>(*top);
    room_->roster(home().index()).add(*this);
    state_ = State::member;
  } catch (const std::exception&) {  // out of memory, after the room has counted the member
    state_ = State::refused;
    notify_room_of_leaving();
  }
  if (waiting_ != nullptr) waiting_->notify();
}

void Member::refused() {
  if (state_ != State::joining) return;
  state_ = State::refused;
  if (waiting_ != nullptr) waiting_->notify();
}

void Member::leave() {
  release_held();
  held_.reset();
  if (state_ == State::refused || state_ == State::left) return;
  const State before = std::exchange(state_, State::left);
  if (before == State::joining) return;  // the room may still admit it; admitted() then reports the leave
  room_->roster(home().index()).remove(*this);
  notify_room_of_leaving();
}

void Member::notify_room_of_leaving() {
  if (room_->is_closed()) return;  // the channel is gone if the program has destroyed the context
  detail::insist("a leave", [this] {
    const MemberPtr self(this);
    RoomEvent leave = event::Leave(self);
    if (room_->try_send(leave)) return;
    home().connection_tasks().spawn_lasting([self] { return send_leave(self); });
  });
}

void Member::deliver(const SharedBytes& block) {
  try {
    if (block) return held_ ? hold(block) : push(block);
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): closed below
  }
  detail::insist("a close", [this] { overflow(); });
}

void Member::hold(const SharedBytes& block) {
  if (held_->bytes + block->size() <= hold_limit) {
    held_->blocks.push_back(block);
    held_->bytes += block->size();
    note_held(static_cast<std::ptrdiff_t>(block->size()));
  } else {
    release_held();
    overflow();
  }
}

void Member::release_held() {
  if (!held_) return;
  note_held(-static_cast<std::ptrdiff_t>(std::exchange(held_->bytes, 0)));
  held_->blocks.clear();
}

void Member::resume() {
  if (!held_) return;
  const auto held = std::move(held_);
  note_held(-static_cast<std::ptrdiff_t>(held->bytes));
  for (const SharedBytes& block : held->blocks) push(block);
}

}  // namespace coroom::detail::room
