#include "room/room_actor.hpp"

#include "core/insist.hpp"
#include "core/thrown.hpp"
#include "core/work_trail.hpp"
#include "room/membership_guard.hpp"
#include "room/unless_thrown.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <new>
#include <utility>
#include <vector>

namespace coroom::detail::room {
namespace {

// Bounds the memory of one turn's block, and so the excess of a queue over its limit.
constexpr std::size_t block_limit = 256 * 1024;  // bytes

constexpr std::size_t few = 8;  // events

// Events handled at a time; then the shard's other work has its turn.
constexpr std::size_t burst = 1024;

/// Reserves memory for more events; returns false if there is none now.
bool grow(std::vector<RoomEvent>& events) {
  try {
    events.reserve(std::max(few, 2 * events.capacity()));
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

// The least time to keep publications that have waited for the broker: enough for a disk that has recovered.
constexpr std::chrono::milliseconds shortest_timeout{20};

std::chrono::milliseconds time_left(std::chrono::milliseconds timeout,
                                    net::Traffic::TimePoint::duration waited) {
  const auto left = timeout - std::chrono::ceil<std::chrono::milliseconds>(waited);
  return std::min(timeout, std::max(left, shortest_timeout));
}
// The interval between checks of waiting announcements.
constexpr std::chrono::milliseconds announce_again_after{100};

}  // namespace

RoomActor::RoomActor(std::string name, const RoomOptions& options, RoomServices& services)
    : name_(std::move(name)),
      options_(options),
      services_(services),
      home_(services.shards.home_of(name_)),
      channel_(home_.executor(), services.settings.channel_capacity),
      state_(options.join_leave ? services.settings.limits.announce_limit : 0),
      publish_pace_(services.settings.published),
      rosters_(services.shards.size()),
      members_by_shard_(services.shards.size()) {}

task<> RoomActor::run() {
  const auto self = shared_from_this();
  begin_anew();
  while (!retired_ || channel_.ready()) {
    const bool have_waited = channel_.ready();
    auto [ec, event] = co_await channel_.async_receive(as_result);
    if (ec) break;
    detail::WorkTrail::of_this_thread().add(detail::WorkKind::room, name_);
    Events events;
    detail::insist("an event of a room", [&events] { events.reserve(few); });
    events.push_back(std::move(event));
    take_what_waits(events);
    const auto taken = std::chrono::steady_clock::now();
    Result<> kept;
    if (options_.keeps_history()) {
      const auto timeout =
          have_waited ? time_left(options_.broker_timeout, taken - began_) : options_.broker_timeout;
      began_ = taken;
      home_.seal_at_turn_end(*this);
      if (!top_ && !retired_) co_await find_top();
      kept = co_await keep(events, timeout);
    }
    if (writer_.size() == 0 || taken < taken_) taken_ = taken;
    for (RoomEvent& one : events) apply(one, kept);
    announce_late();
    home_.seal_at_turn_end(*this);
  }
  end();
}

void RoomActor::end() {
  channel_.close();
  while (channel_.try_receive([](boost::system::error_code, const RoomEvent&) {})) {
  }
  seal();
  if (is_linked()) unlink();
  later_.reset();  // here: the last pointer to the room may belong to another shard
  slow_broker_.reset();
}

/// Resets the phase of a failed run(), and wakes the room for pending joins.
void RoomActor::begin_anew() {
  phase_ = Phase::receiving;
  if (!joining_.empty()) wake();
}

void RoomActor::retire() {
  retired_ = true;
  wake();
}

/// Makes run() check its state. If the channel is too full for the event, the room wakes up anyway.
void RoomActor::wake() {
  detail::insist("a wakeup of a room", [this] {
    RoomEvent event;
    try_send(event);
  });
}

task<bool> RoomActor::send(RoomEvent event) {
  if (try_send(event)) co_return true;
  const auto [ec] = co_await channel_.async_send(boost::system::error_code(), std::move(event), as_result);
  co_return !ec;
}

bool RoomActor::try_send(RoomEvent& event) {
  if (goes_past_publications(event)) {
    const auto held = std::make_shared<RoomEvent>(std::move(event));
    detail::insist("an event of a room", [&] {
      boost::asio::post(home_.executor(),
                        [self = shared_from_this(), held] { self->take_at_once(std::move(*held)); });
    });
    return true;
  }
  // The channel moves from the event only if it has room.
  return channel_.try_send(boost::system::error_code(), std::move(event));
}

bool RoomActor::goes_past_publications(const RoomEvent& event) const {
  const bool waits_for_the_broker =
      std::holds_alternative<event::Publish>(event) || std::holds_alternative<event::Wake>(event);
  return options_.keeps_history() && !waits_for_the_broker;
}

void RoomActor::take_what_waits(Events& events) {
  const auto take = [&events](boost::system::error_code ec, RoomEvent event) {
    if (!ec) events.push_back(std::move(event));
  };
  do {
    // An event needs memory before it is received. Without it, the event waits until the present ones are
    // handled.
    if (events.size() == events.capacity() && !grow(events)) return;
  } while (events.size() != burst && channel_.try_receive(take));
}

/// Handles an event that does not wait for publications.
void RoomActor::take_at_once(RoomEvent event) {
  auto* join = std::get_if<event::Join>(&event);
  // The top is not read while the broker publishes; the new member then gets no position.
  if (join != nullptr && !top_ && phase_ != Phase::publishing) {
    joining_.push_back(std::move(*join));
    if (phase_ == Phase::receiving) wake();
    return;
  }
  if (writer_.size() == 0) taken_ = std::chrono::steady_clock::now();
  apply(event, {});
  announce_late();
  home_.seal_at_turn_end(*this);
}

/// Reads the position of the history, which new members get. If the broker fails, the room continues without
/// one.
task<> RoomActor::find_top() {
  phase_ = Phase::locating;
  auto history = co_await unless_thrown(
      [this] { return services_.broker.history(name_, HistoryFilter{.limit = 0}, options_); });
  if (history) top_ = std::move(history->top);
  phase_ = Phase::receiving;
  for (event::Join& join : std::exchange(joining_, {}))
    detail::log_what_is_thrown("a room failed", [&] { apply(join); });
}

/// Has the broker keep the publications before they are delivered, so that no member has read a publication
/// that is lost later.
task<Result<>> RoomActor::keep(Events& events, std::chrono::milliseconds timeout) {
  const auto publications = std::make_shared<std::vector<Publication>>();
  for (RoomEvent& event : events) {
    if (auto* publish = std::get_if<event::Publish>(&event)) {
      publish->publication.time = services_.clock.now();
      publications->push_back(std::move(publish->publication));
    }
  }
  if (publications->empty()) co_return Result<>();
  phase_ = Phase::publishing;
  RoomOptions options = options_;
  options.broker_timeout = timeout;
  auto top = co_await unless_thrown([&] { return services_.broker.publish(name_, publications, options); });
  phase_ = Phase::receiving;
  if (top && top->offset < publications->size()) {
    logging::error("a broker returned an invalid position", {{"room", name_}, {"offset", top->offset}});
    top = failure(Errc::storage_failed, "the broker returned an invalid position");
  }
  // A broker may still hold the publications: then they are copied, not moved.
  const bool shared = publications.use_count() > 1;
  std::uint64_t offset = top ? top->offset - publications->size() : 0;
  auto next = publications->begin();
  for (RoomEvent& event : events) {
    auto* publish = std::get_if<event::Publish>(&event);
    if (publish == nullptr) continue;
    if (shared) {
      publish->publication = *next++;
    } else {
      publish->publication = std::move(*next++);
    }
    publish->publication.offset = ++offset;
  }
  if (!top) co_return tl::unexpected(std::move(top).error());
  top_ = Position{top->offset - publications->size(), std::move(top->epoch)};  // apply() advances it
  co_return Result<>();
}

void RoomActor::end_of_turn() {
  detail::insist("a block", [this] { seal(); });
  if (phase_ == Phase::receiving || slow_broker_) return;
  slow_broker_ = std::make_unique<detail::Deadline>(home_.executor(), [this] { look_at_the_broker(); });
  slow_broker_->expires_after(options_.broker_timeout);
}

/// Rejects publications that wait for earlier ones, if the broker takes too long with those.
void RoomActor::look_at_the_broker() {
  if (phase_ == Phase::receiving) return slow_broker_.reset();
  const auto left = options_.broker_timeout - (std::chrono::steady_clock::now() - began_);
  // First: a rejection may throw, and the broker would never be checked again.
  slow_broker_->expires_after(std::max(std::chrono::ceil<std::chrono::milliseconds>(left), shortest_timeout));
  if (left.count() <= 0) refuse_what_waits();
}

void RoomActor::refuse_what_waits() {
  Events events;
  take_what_waits(events);
  const Result<> too_slow = failure(Errc::storage_failed, "earlier publications take too long to be stored");
  for (RoomEvent& event : events) apply(event, too_slow);
}

void RoomActor::apply(RoomEvent& event, const Result<>& kept) {
  detail::log_what_is_thrown("a room failed", [&] {
    if (auto* join = std::get_if<event::Join>(&event)) apply(*join);
    if (auto* leave = std::get_if<event::Leave>(&event)) apply(*leave);
    if (auto* publish = std::get_if<event::Publish>(&event)) apply(*publish, kept);
    if (auto* presence = std::get_if<event::ReadPresence>(&event)) presence->done(presence_.snapshot());
  });
}

void RoomActor::apply(event::Join& event) {
  seal();  // earlier publications are for the earlier members
  const std::shared_ptr<Member> member = event.who;
  count_in(*member);
  const SharedClientInfo client_info = member->client_info();
  try {
    if (options_.presence) presence_.join(client_info);
    if (&member->home == &home_) {
      member->admitted(top_);
    } else {
      boost::asio::post(member->home.executor(), [member, top = top_] { member->admitted(top); });
    }
  } catch (...) {  // the event's end refuses the member, so no leave will follow
    count_out(member->format, member->home.index(), member->quota());
    if (options_.presence) presence_.leave(client_info);
    throw;
  }
  event.who.reset();
  const auto announcement =
      state_.join(client_info, services_.clock.now());  // first, since its leave is counted
  count_people();
  announce(announcement, member->quota());
}

void RoomActor::apply(event::Leave& event) {
  detail::log_what_is_thrown("a room failed", [this] { seal(); });  // while the format is still in use
  count_out(event.format, event.shard, event.quota);
  if (options_.presence) presence_.leave(event.who);
  count_people();
  announce(state_.leave(std::move(event.who), services_.clock.now()), std::move(event.quota));
}

void RoomActor::count_people() {
  headcount_->users.store(presence_.users(), std::memory_order_relaxed);
  headcount_->distinct.store(presence_.distinct(), std::memory_order_relaxed);
}

/// Counts a new member. If it throws for lack of memory, nothing is counted.
void RoomActor::count_in(const Member& member) {
  writer_.use(member.format);
  try {
    if (member.quota()) ++members_by_quota_[member.quota()];
  } catch (...) {
    writer_.release(member.format);
    throw;
  }
  ++members_by_shard_[member.home.index()];
}

void RoomActor::count_out(const WireFormat& format, std::size_t shard,
                          const std::shared_ptr<limits::AddressQuota>& quota) {
  const auto known = members_by_quota_.find(quota);
  if (known != members_by_quota_.end() && --known->second == 0) members_by_quota_.erase(known);
  writer_.release(format);
  --members_by_shard_[shard];
}

void RoomActor::apply(event::Publish& event, const Result<>& kept) {
  Result<Position> result;
  if (!kept) {
    result = tl::unexpected(kept.error());
  } else {
    if (options_.keeps_history()) {
      top_->offset = event.publication.offset;
      result = *top_;
    } else {
      event.publication.time = services_.clock.now();
      event.publication.offset = 0;
    }
    add(event.publication);
    if (event.quota) charge(event);
  }
  if (event.done) std::exchange(event.done, nullptr)(result);
}

/// Charges an address with several members in the room for the deliveries to its own connections.
void RoomActor::charge(const event::Publish& event) const {
  const auto own = members_by_quota_.find(event.quota);
  if (own == members_by_quota_.end() || own->second == 1) return;
  event.quota->pay_for_deliveries(own->second, std::chrono::steady_clock::now());
}

void RoomActor::announce(const std::optional<Publication>& publication,
                         std::shared_ptr<limits::AddressQuota> quota) {
  if (!publication) return;
  if (announcements_.take(*publication, std::move(quota), std::chrono::steady_clock::now()))
    add(*publication);
}

/// Schedules a check of the waiting announcements. Not with each event: there may be thousands, each with a
/// lock.
void RoomActor::announce_late() {
  if (!announcements_.is_waiting() || retired_ || announces_late_) return;
  if (!later_) later_.emplace(home_.executor(), [this] { announce_due(); });
  later_->expires_after(announce_again_after);
  announces_late_ = true;
}

void RoomActor::announce_due() {
  announces_late_ = false;
  if (retired_) return;
  const auto now = std::chrono::steady_clock::now();
  if (writer_.size() == 0) taken_ = now;
  for (Publication& late : announcements_.due(now)) {
    late.time = services_.clock.now();
    add(late);
  }
  announce_late();
  home_.seal_at_turn_end(*this);
}

void RoomActor::add(const Publication& publication) {
  detail::log_what_is_thrown("an encoder threw", [&] { writer_.add(name_, publication); });
  if (writer_.size() > block_limit) seal();
}

void RoomActor::seal() {
  if (writer_.size() == 0) return;
  detail::WorkTrail::of_this_thread().add(detail::WorkKind::room, name_);
  for (const BlockWriter::Block& block : writer_.seal()) deliver(block);
}

void RoomActor::deliver(const BlockWriter::Block& block) {
  for (const auto& shard : services_.shards) {
    if (members_by_shard_[shard->index()] == 0) continue;
    if (shard.get() == &home_) {
      deliver(block, home_, taken_);
    } else {
      detail::insist("a block", [&] {
        boost::asio::post(shard->executor(), [self = shared_from_this(), &shard = *shard, block,
                                              taken = taken_] { self->deliver(block, shard, taken); });
      });
    }
  }
}

void RoomActor::deliver(const BlockWriter::Block& block, net::Shard& shard, net::Traffic::TimePoint taken) {
  detail::WorkTrail::of_this_thread().add(detail::WorkKind::delivery, name_);
  const std::size_t members = rosters_[shard.index()].deliver(block.format, block.bytes);
  shard.traffic().deliver(members * block.messages, taken);
}

}  // namespace coroom::detail::room
