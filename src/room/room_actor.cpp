#include "room/room_actor.hpp"

#include "core/insist.hpp"
#include "core/thrown.hpp"
#include "core/work_trail.hpp"
#include "room/member.hpp"
#include "room/unless_thrown.hpp"

#include <coroom/log.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <new>
#include <utility>
#include <vector>

namespace coroom::detail::room {
namespace {

// Bounds the memory of one turn's block, and so the excess of a queue over its limit.
constexpr std::size_t block_limit = 256 * 1024;  // bytes

// Events handled at a time; then the shard's other work has its turn.
constexpr std::size_t burst = 1024;

// The least time to keep publications that have waited for the broker: enough for a disk that has recovered.
constexpr std::chrono::milliseconds shortest_timeout{20};

std::chrono::milliseconds time_left(std::chrono::milliseconds timeout,
                                    net::Traffic::TimePoint::duration waited) {
  const auto left = timeout - std::chrono::ceil<std::chrono::milliseconds>(waited);
  return std::min(timeout, std::max(left, shortest_timeout));
}
// The interval between checks of waiting announcements.
constexpr std::chrono::milliseconds announce_again_after{100};

/// Calls the function that takes the alternative.
template <class... Functions>
struct Overloads : Functions... {
  using Functions::operator()...;
};

}  // namespace

void intrusive_ptr_add_ref(const RoomActor* room) noexcept {
  room->holds_.fetch_add(1, std::memory_order_relaxed);
}

void intrusive_ptr_release(RoomActor* room) noexcept {
  if (room->holds_.fetch_sub(1, std::memory_order_acq_rel) == 1) room->owner_.end(*room);
}

RoomActor::RoomActor(std::string name, const RoomOptions& options, RoomServices& services, RoomOwner& owner,
                     Opener opener)
    : name_(std::move(name)),
      options_(options),
      services_(services),
      owner_(owner),
      home_(services.shards.home_of(name_)),
      opener_(std::move(opener)),
      state_(options.join_leave ? services.settings.limits.announce_limit : 0),
      publish_pace_(services.settings.published),
      recording_(options.keeps_history() ? std::make_unique<Recording>() : nullptr),
      by_shard_(services.shards.size()) {}

RoomHold RoomActor::try_hold() {
  std::uint32_t holds = holds_.load(std::memory_order_relaxed);
  while (holds != 0) {
    if (holds_.compare_exchange_weak(holds, holds + 1, std::memory_order_relaxed))
      return RoomHold(this, false);
  }
  return nullptr;
}

/// Has the home shard run the coroutine, when it has handled what is ready now: so publications that arrive
/// together reach the broker together.
void RoomActor::begin() {
  detail::insist("a room", [&] {
    boost::asio::post(home_.executor(), [room = RoomHold(this)] {
      detail::insist(
          "a room", [&] { room->home_.room_tasks().spawn_lasting([room] { return run_to_the_end(room); }); });
    });
  });
}

/// Runs a room, and again after each failure, such as a lack of memory.
task<> RoomActor::run_to_the_end(RoomHold room) {
  bool failed = false;
  do {
    try {
      if (std::exchange(failed, false))  // other code may release memory
        co_await boost::asio::post(co_await boost::asio::this_coro::executor, as_result);
      co_await room->run();
    } catch (const std::exception& exception) {
      logging::error("a room failed", {{"error", exception.what()}});
      failed = true;
    }
  } while (failed);
}

/// Marks the room as running while a coroutine runs, also if it is destroyed.
class RoomActor::RunGuard {
 public:
  explicit RunGuard(RoomActor& room) : room_(room) { room_.is_running_ = true; }
  RunGuard(const RunGuard&) = delete;
  RunGuard& operator=(const RunGuard&) = delete;
  ~RunGuard() { room_.is_running_ = false; }

 private:
  RoomActor& room_;
};

/// Handles the events of the channel until none waits.
task<> RoomActor::run() {
  const RoomHold self(this);
  // Without memory, a coroutine that has ended may be spawned again.
  if (is_running_ || !queue_.is_awake()) co_return;
  const RunGuard running(*this);
  Batch batch;
  bool have_waited = false;
  while (true) {
    detail::WorkTrail::of_this_thread().add(detail::WorkKind::room, name_);
    take_waiting_events(batch);
    const auto taken = std::chrono::steady_clock::now();
    Result<> kept;
    if (recording_) {
      const auto timeout = have_waited ? time_left(options_.broker_timeout, taken - recording_->began)
                                       : options_.broker_timeout;
      recording_->began = taken;
      home_.seal_at_turn_end(*this);
      if (!recording_->top && !is_retired_) co_await find_top();
      kept = co_await keep(batch, timeout);
    }
    apply(batch, kept, taken);
    announce_late();
    home_.seal_at_turn_end(*this);
    if (is_retired_ && !queue_.is_ready()) break;
    if (queue_.sleep()) co_return;
    batch = Batch();
    batch.reserve_one();
    have_waited = queue_.is_ready();
    auto event = co_await queue_.receive();
    if (!event) break;
    batch.add(*std::move(event));
  }
  end();
}

void RoomActor::end() {
  queue_.close();
  seal();
  if (is_linked()) unlink();
  later_.reset();  // here: the last pointer to the room may belong to another shard
  if (!recording_) return;
  recording_->slow_broker.reset();
  recording_->joining.clear();
}

void RoomActor::retire() {
  is_retired_ = true;
  if (!queue_.is_awake()) return end();
  wake();
}

/// Makes run() check its state. If the channel is too full for the event, the room wakes up anyway.
void RoomActor::wake() {
  detail::insist("a wakeup of a room", [this] {
    RoomEvent event;
    enqueue(event);
  });
}

task<bool> RoomActor::send(RoomEvent event) {
  if (try_send(event)) co_return true;
  EventQueue::WaitingSender sender(queue_, home_, services_.settings.channel_capacity);
  if (sender.is_first()) begin();
  co_return co_await sender.send(std::move(event));
}

bool RoomActor::try_send(RoomEvent& event) {
  if (may_handle_at_once(event)) {
    handle_at_once(std::move(event));
    return true;
  }
  if (!goes_past_publications(event)) return enqueue(event);
  post_past_publications(event);
  return true;
}

bool RoomActor::enqueue(RoomEvent& event) {
  const auto sent = queue_.try_send(event, home_, services_.settings.channel_capacity);
  if (sent == EventQueue::SendOutcome::first) begin();
  return sent == EventQueue::SendOutcome::first || sent == EventQueue::SendOutcome::queued;
}

/// Returns whether the event is the next in the room's order, needs no broker, and is sent by the home shard.
bool RoomActor::may_handle_at_once(const RoomEvent& event) const {
  if (!home_.executor().running_in_this_thread()) return false;
  if (phase_ == Phase::applying || is_retired_) return false;
  if (!recording_) return !queue_.is_awake();
  return recording_->posted == 0 && goes_past_publications(event);
}

bool RoomActor::goes_past_publications(const RoomEvent& event) const {
  const bool waits_for_the_broker =
      std::holds_alternative<event::Publish>(event) || std::holds_alternative<event::Wake>(event);
  return recording_ && !waits_for_the_broker;
}

void RoomActor::post_past_publications(RoomEvent& event) {
  const auto held = std::make_shared<RoomEvent>(std::move(event));
  ++recording_->posted;
  detail::insist("an event of a room", [&] {
    boost::asio::post(home_.executor(), [room = RoomHold(this), held] {
      --room->recording_->posted;
      if (!room->is_retired_) room->handle_at_once(std::move(*held));
    });
  });
}

void RoomActor::handle_at_once(RoomEvent event) {
  auto* join = std::get_if<event::Join>(&event);
  // The top is not read while the broker publishes; the new member then gets no position.
  if (join != nullptr && recording_ && !recording_->top && phase_ != Phase::publishing) {
    recording_->joining.push_back(std::move(*join));
    if (phase_ == Phase::idle) wake();
    return;
  }
  auto* publish = std::get_if<event::Publish>(&event);
  const auto taken = publish != nullptr ? std::chrono::steady_clock::now() : TimePoint();
  apply(event, publish != nullptr ? &publish->publication : nullptr, {}, taken);
  // The event is handled. A later failure must not reach the sender, since the sender would try again.
  detail::log_what_is_thrown("a room failed", [this] { announce_late(); });
  detail::insist("a block", [this] { seal_at_turn_end(); });
}

void RoomActor::take_waiting_events(Batch& batch) {
  const auto take = [&batch](boost::system::error_code ec, RoomEvent event) {
    if (!ec) batch.add(std::move(event));
  };
  try {
    // An event needs memory before it is received. Without it, the event waits until the present ones are
    // handled.
    do batch.reserve_one();
    while (batch.size() != burst && queue_.try_receive(take));
  } catch (const std::bad_alloc&) {
    if (batch.size() == 0) throw;
  }
}

/// Reads the position of the history, which new members get. If the broker fails, the room continues without
/// one.
task<> RoomActor::find_top() {
  {
    const InPhase locating(*this, Phase::locating);
    auto history = co_await unless_thrown(
        [this] { return services_.broker.history(name_, HistoryFilter{.limit = 0}, options_); });
    if (history) recording_->top = std::move(history->top);
  }
  for (event::Join& join : std::exchange(recording_->joining, {})) {
    const InPhase applying(*this, Phase::applying);
    detail::log_what_is_thrown("a room failed", [&] { apply(join); });
  }
}

/// Has the broker keep the publications before they are delivered, so that no member has read a publication
/// that is lost later.
task<Result<>> RoomActor::keep(Batch& batch, std::chrono::milliseconds timeout) {
  const std::size_t count = batch.publications()->size();
  if (count == 0) co_return Result<>();
  for (Publication& publication : *batch.publications()) publication.time = services_.clock.now();
  RoomOptions options = options_;
  options.broker_timeout = timeout;
  const InPhase publishing(*this, Phase::publishing);
  auto top =
      co_await unless_thrown([&] { return services_.broker.publish(name_, batch.publications(), options); });
  if (top && top->offset < count) {
    logging::error("a broker returned an invalid position", {{"room", name_}, {"offset", top->offset}});
    top = failure(Errc::storage_failed, "the broker returned an invalid position");
  }
  if (!top) co_return tl::unexpected(std::move(top).error());
  batch.number(top->offset);
  recording_->top = Position{top->offset - count, std::move(top->epoch)};  // apply() advances it
  co_return Result<>();
}

void RoomActor::end_of_turn() {
  const RoomHold self = try_hold();
  if (!self) return;
  detail::insist("a block", [this] { seal(); });
  if (!recording_ || phase_ == Phase::idle || recording_->slow_broker) return;
  recording_->slow_broker =
      std::make_unique<detail::Deadline>(home_.executor(), [this] { look_at_the_broker(); });
  recording_->slow_broker->expires_after(options_.broker_timeout);
}

/// Rejects publications that wait for earlier ones, if the broker takes too long with those.
void RoomActor::look_at_the_broker() {
  const RoomHold self = try_hold();
  if (!self) return;
  if (phase_ == Phase::idle) return recording_->slow_broker.reset();
  const auto left = options_.broker_timeout - (std::chrono::steady_clock::now() - recording_->began);
  // First: a rejection may throw, and the broker would never be checked again.
  recording_->slow_broker->expires_after(
      std::max(std::chrono::ceil<std::chrono::milliseconds>(left), shortest_timeout));
  if (left.count() <= 0) reject_waiting_publications();
}

void RoomActor::reject_waiting_publications() {
  Batch batch;
  take_waiting_events(batch);
  apply(batch, failure(Errc::storage_failed, "earlier publications take too long to be stored"), {});
}

void RoomActor::apply(Batch& batch, const Result<>& kept, TimePoint taken) {
  batch.for_each([&](RoomEvent& event, Publication* publication) { apply(event, publication, kept, taken); });
}

/// `publication` is that of an event::Publish, else nullptr.
void RoomActor::apply(RoomEvent& event, Publication* publication, const Result<>& kept, TimePoint taken) {
  const InPhase applying(*this, Phase::applying);
  const auto apply_one =
      Overloads{[](event::Wake&) {}, [this](event::Join& join) { apply(join); },
                [this](event::Leave& leave) { apply(leave); },
                [&](event::Publish& publish) { apply(publish, *publication, kept, taken); },
                [this](event::ReadPresence& read) { read.done(presence_.snapshot()); }};
  detail::log_what_is_thrown("a room failed", [&] { std::visit(apply_one, event); });
}

void RoomActor::apply(event::Join& event) {
  seal();  // earlier publications are for the earlier members
  const MemberPtr member = event.member;
  count_in(*member);
  const SharedClientInfo client_info = member->client_info();
  try {
    if (is_listed(*member)) presence_.join(client_info);
    if (&member->home() == &home_) {
      member->admitted(recording_ ? recording_->top : std::nullopt);
    } else {
      boost::asio::post(
          member->home().executor(),
          [member, top = recording_ ? recording_->top : std::nullopt] { member->admitted(top); });
    }
  } catch (...) {  // the event's end refuses the member, so no leave will follow
    count_out(*member);
    if (is_listed(*member)) presence_.leave(client_info);
    throw;
  }
  event.member.reset();
  const auto announcement = state_.join(client_info);  // first, since its leave is counted
  count_people();
  if (member->visibility().join_leave) announce(announcement, member->quota());
}

void RoomActor::apply(event::Leave& event) {
  detail::log_what_is_thrown("a room failed", [this] { seal(); });  // while the format is still in use
  const Member& member = *event.member;
  count_out(member);
  if (is_listed(member)) presence_.leave(member.client_info());
  count_people();
  const auto announcement = state_.leave(member.client_info());
  if (member.visibility().join_leave) announce(announcement, member.quota());
}

bool RoomActor::is_listed(const Member& member) const {
  return options_.presence && member.visibility().presence;
}

void RoomActor::count_people() {
  if (!options_.presence) return;
  headcount_.users.store(presence_.users(), std::memory_order_relaxed);
  headcount_.distinct.store(presence_.distinct(), std::memory_order_relaxed);
}

/// Counts a new member. If it throws for lack of memory, nothing is counted.
void RoomActor::count_in(const Member& member) {
  writer_.use(member.format());
  try {
    if (member.quota()) ++members_by_quota_[member.quota()];
  } catch (...) {
    writer_.release(member.format());
    throw;
  }
  ++by_shard_[member.home().index()].members;
}

void RoomActor::count_out(const Member& member) {
  const auto known = members_by_quota_.find(member.quota());
  if (known != members_by_quota_.end() && --known->second == 0) members_by_quota_.erase(known);
  writer_.release(member.format());
  --by_shard_[member.home().index()].members;
}

void RoomActor::apply(event::Publish& event, Publication& publication, const Result<>& kept,
                      TimePoint taken) {
  Result<Position> result;
  if (!kept) {
    result = tl::unexpected(kept.error());
  } else {
    if (recording_) {
      recording_->top->offset = publication.offset;
      if (event.done) result = *recording_->top;
    } else {
      publication.time = services_.clock.now();
      publication.offset = 0;
    }
    add(publication, taken);
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

void RoomActor::announce(std::optional<Publication> publication,
                         std::shared_ptr<limits::AddressQuota> quota) {
  if (!publication) return;
  publication->time = services_.clock.now();
  const auto now = std::chrono::steady_clock::now();
  if (announcements_.take(*publication, std::move(quota), now)) add(*publication, now);
}

/// Schedules a check of the waiting announcements. Not with each event: there may be thousands, each with a
/// lock.
void RoomActor::announce_late() {
  if (!announcements_.is_waiting() || is_retired_ || announces_late_) return;
  if (!later_) later_ = std::make_unique<detail::Deadline>(home_.executor(), [this] { announce_due(); });
  later_->expires_after(announce_again_after);
  announces_late_ = true;
}

void RoomActor::announce_due() {
  announces_late_ = false;
  const RoomHold self = try_hold();
  if (!self || is_retired_) return;
  const auto now = std::chrono::steady_clock::now();
  for (Publication& late : announcements_.due(now)) {
    late.time = services_.clock.now();
    add(late, now);
  }
  announce_late();
  seal_at_turn_end();
}

void RoomActor::add(const Publication& publication, TimePoint taken) {
  if (writer_.size() == 0 || taken < taken_) taken_ = taken;
  detail::log_what_is_thrown("an encoder threw", [&] { writer_.add(name_, publication); });
  if (writer_.size() > block_limit) seal();
}

void RoomActor::seal() {
  if (writer_.size() == 0) return;
  detail::WorkTrail::of_this_thread().add(detail::WorkKind::room, name_);
  for (const BlockWriter::Block& block : writer_.seal()) deliver(block);
}

void RoomActor::seal_at_turn_end() {
  if (writer_.size() != 0) home_.seal_at_turn_end(*this);
}

void RoomActor::deliver(const BlockWriter::Block& block) {
  for (const auto& shard : services_.shards) {
    if (by_shard_[shard->index()].members == 0) continue;
    if (shard.get() == &home_) {
      deliver(block, home_, taken_);
    } else {
      detail::insist("a block", [&] {
        boost::asio::post(shard->executor(), [room = RoomHold(this), &shard = *shard, block, taken = taken_] {
          room->deliver(block, shard, taken);
        });
      });
    }
  }
}

void RoomActor::deliver(const BlockWriter::Block& block, net::Shard& shard, TimePoint taken) {
  detail::WorkTrail::of_this_thread().add(detail::WorkKind::delivery, name_);
  const std::size_t members = by_shard_[shard.index()].roster.deliver(block.format, block.bytes);
  shard.traffic().deliver(members * block.messages, taken);
}

}  // namespace coroom::detail::room
