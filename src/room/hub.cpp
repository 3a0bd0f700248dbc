#include "room/hub.hpp"

#include "core/completed.hpp"
#include "core/insist.hpp"
#include "core/one_shot.hpp"
#include "room/unless_thrown.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace coroom::detail::room {
namespace {

template <class Call, class T>
task<> complete(Call call, std::function<void(T)> done) {
  done(co_await unless_thrown(std::move(call)));
}

task<> send_waiting(RoomHold room, std::shared_ptr<RoomEvent> event, std::function<void(bool)> done) {
  const bool sent = co_await room->send(std::move(*event));
  if (done) done(sent);
}

}  // namespace

/// Calls the broker in a task of the shard and returns its result. The task completes even if the caller is
/// cancelled, since a broker may be slow; shutdown waits for it.
template <class T, class Call>
task<Result<T>> Hub::ask(net::Shard& shard, Call call) {
  detail::OneShot<Result<T>> answer(co_await boost::asio::this_coro::executor);
  auto begin = [&shard, call = std::move(call), who = answer.completion()]() mutable {
    shard.room_tasks().spawn(complete(std::move(call), std::move(who)));
  };
  if (auto posted = post(shard, std::move(begin)); !posted) co_return tl::unexpected(posted.error());
  co_return co_await answer.wait();
}

Hub::Hub(RoomServices services, OptionsOf options) : services_(services), options_(std::move(options)) {}

task<Result<>> Hub::join(const std::string& name, const MemberPtr& member) {
  auto room = hold(name, options_(name), {member->client_info(), member->quota()});
  if (!room) return detail::completed(Result<>(tl::unexpected(room.error())));
  return member->join(std::move(*room));
}

Hub::Found Hub::publishes_to(const std::string& name, const RoomOptions& options,
                             const SharedClientInfo& client_info) {
  if (options.keeps_history()) return hold(name, options, {client_info, nullptr});
  if (auto open = is_open(); !open) return tl::unexpected(open.error());
  return find(name);
}

task<> Hub::publish(const std::string& name, Publication publication, event::Publish::Done done,
                    std::shared_ptr<limits::AddressQuota> quota) {
  const Found room = publishes_to(name, options_(name), publication.client_info);
  if (!room || !*room) {
    if (done) done(room ? Result<Position>() : tl::unexpected(room.error()));
    return {};
  }
  return room::publish(*room, std::move(quota), std::move(publication), std::move(done), by_shard());
}

task<Result<Position>> Hub::publish(std::string name, Publication publication,
                                    std::shared_ptr<limits::AddressQuota> quota) {
  const RoomOptions options = options_(name);
  const Found room = publishes_to(name, options, publication.client_info);
  if (!room) co_return tl::unexpected(room.error());
  if (!*room) co_return Position();
  co_return co_await room::publish(*room, std::move(quota), std::move(publication), by_shard());
}

Result<> Hub::post(const std::string& name, Publication publication,
                   std::shared_ptr<limits::AddressQuota> quota) {
  const Found room = publishes_to(name, options_(name), publication.client_info);
  if (!room) return tl::unexpected(room.error());
  if (!*room) return {};
  return room::post(*room, std::move(quota), std::move(publication));
}

SendEvent Hub::by_shard() {
  return [this](RoomHold into, RoomEvent event) { return send(std::move(into), std::move(event)); };
}

/// Sends an event to a room from any executor. A task of the shard waits for a full channel, since the
/// caller's executor may end before the room takes the event.
task<bool> Hub::send(RoomHold room, RoomEvent event) {
  if (room->try_send(event)) co_return true;
  detail::OneShot<bool> answer(co_await boost::asio::this_coro::executor);
  net::Shard& home = services_.shards.home_of(room->name());
  const auto waiting = std::make_shared<RoomEvent>(std::move(event));
  auto begin = [&home, room, waiting, done = answer.completion()] {
    home.room_tasks().spawn(send_waiting(room, waiting, done));
  };
  if (!post(home, std::move(begin))) co_return false;
  co_return co_await answer.wait_or(false);
}

task<Result<History>> Hub::history(std::string name, HistoryFilter filter) {
  net::Shard& home = services_.shards.home_of(name);
  const RoomOptions options = options_(name);
  return ask<History>(home, [this, options, filter, name = std::move(name)] {
    return services_.broker.history(name, filter, options);
  });
}

task<Result<>> Hub::remove_history(std::string name) {
  net::Shard& home = services_.shards.home_of(name);
  return ask<void>(home, [this, name = std::move(name)] { return services_.broker.remove_history(name); });
}

task<PresenceSet::Snapshot> Hub::presence(std::string name) {
  const auto nobody = std::make_shared<const Presence>();
  const auto room = find(name);
  if (!room) co_return nobody;
  detail::OneShot<PresenceSet::Snapshot> answer(co_await boost::asio::this_coro::executor);
  net::Shard& home = services_.shards.home_of(name);
  auto begin = [&home, room, complete = answer.completion()] {
    const auto event = std::make_shared<RoomEvent>(event::ReadPresence(room, complete));
    if (!room->try_send(*event)) home.room_tasks().spawn(send_waiting(room, event, nullptr));
  };
  if (!post(home, std::move(begin))) co_return nobody;
  co_return co_await answer.wait_or(nobody);
}

void Hub::open() {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  phase_ = Phase::open;
}

void Hub::close() {
  std::vector<RoomHold> rooms;  // not released under the lock: that changes rooms_
  {
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    phase_ = Phase::closed;
    for (RoomActor* known : rooms_) {
      if (RoomHold room = known->try_hold()) rooms.push_back(std::move(room));
    }
  }
  for (const RoomHold& room : rooms) {
    room->close();
    boost::asio::post(room->home().executor(), [room] { room->retire(); });
  }
}

Result<> Hub::is_open() const {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  if (phase_ == Phase::made) return failure(Errc::not_open, "the application has not started");
  if (phase_ == Phase::closed) return failure(Errc::stopped, "the application has stopped");
  return {};
}

Result<> Hub::post(net::Shard& shard, std::function<void()> work) {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  auto open = is_open();
  if (open) boost::asio::post(shard.executor(), std::move(work));
  return open;
}

bool Hub::has_room_for(const std::string& name) const {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  return rooms_.size() < services_.settings.limits.max_rooms || rooms_.contains(HashedName(name));
}

std::size_t Hub::size() const {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  return rooms_.size();
}

std::vector<RoomSize> Hub::fullest(std::size_t limit,
                                   const std::function<bool(const RoomCandidate&)>& wanted) const {
  struct Candidate {
    std::size_t users;
    const std::string* name;
  };
  const auto fuller = [](const Candidate& left, const Candidate& right) {
    return left.users != right.users ? left.users > right.users : *left.name < *right.name;
  };
  const ClientInfo nobody;
  std::vector<Candidate> best;  // a heap; the room with the fewest users is on top
  std::vector<RoomSize> sizes;
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  for (const RoomActor* room : rooms_) {
    const Candidate one{room->headcount().users.load(std::memory_order_relaxed), &room->name()};
    const bool is_full = best.size() == limit;
    if (one.users == 0 || (is_full && (limit == 0 || !fuller(one, best.front())))) continue;
    const std::size_t distinct = room->headcount().distinct.load(std::memory_order_relaxed);
    const SharedClientInfo& opener = room->opener().client_info;
    if (!wanted({room->name(), one.users, distinct, opener ? *opener : nobody})) continue;
    if (is_full) {
      std::ranges::pop_heap(best, fuller);
      best.pop_back();
    }
    best.push_back(one);
    std::ranges::push_heap(best, fuller);
  }
  std::ranges::sort_heap(best, fuller);
  sizes.reserve(best.size());
  for (const Candidate& one : best) sizes.emplace_back(*one.name, one.users);
  return sizes;
}

Hub::Found Hub::hold(const std::string& name, const RoomOptions& options, RoomActor::Opener opener) {
  const HashedName key(name);
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  if (auto open = is_open(); !open) return tl::unexpected(open.error());
  const auto known = rooms_.find(key);
  if (known != rooms_.end()) {
    if (RoomHold room = (*known)->try_hold()) return room;
  } else if (rooms_.size() >= services_.settings.limits.max_rooms) {
    return failure(Errc::too_many_rooms, "the maximum number of rooms is reached");
  }
  const auto quota = opener.quota;
  if (quota && !quota->open_room())
    return failure(Errc::too_many_rooms, "the address has opened its maximum number of rooms");
  RoomOwner& owner = *this;
  std::unique_ptr<RoomActor> made;
  try {
    made = std::make_unique<RoomActor>(name, options, services_, owner, std::move(opener));
    if (known != rooms_.end()) rooms_.erase(known);  // it is ending
    rooms_.insert(made.get());
  } catch (...) {
    if (quota) quota->close_room();
    throw;
  }
  return RoomHold(made.release());
}

RoomHold Hub::find(std::string_view name) const {
  const HashedName key(name);
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  if (phase_ != Phase::open) return nullptr;
  const auto known = rooms_.find(key);
  return known == rooms_.end() ? nullptr : (*known)->try_hold();
}

void Hub::end(RoomActor& room) noexcept {
  std::unique_ptr<RoomActor> ended(&room);
  {
    const HashedName key(room.name());
    const std::lock_guard<std::recursive_mutex> lock(mutex_);
    const auto known = rooms_.find(key);
    // A new room of this name may have been opened meanwhile.
    if (known != rooms_.end() && *known == &room) rooms_.erase(known);
  }
  if (const auto& quota = room.opener().quota) quota->close_room();
  net::Shard& home = room.home();
  if (home.executor().running_in_this_thread()) return;
  // A closed hub has already retired the room, and its shard may be gone.
  detail::insist("the end of a room", [&] {
    const auto box = std::make_shared<std::unique_ptr<RoomActor>>(std::move(ended));
    detail::insist("the end of a room", [&] { std::ignore = post(home, [box] { box->reset(); }); });
  });
}

}  // namespace coroom::detail::room
