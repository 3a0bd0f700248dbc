#include "application/membership.hpp"

#include "application/room_access.hpp"
#include "core/insist.hpp"
#include "core/json_text.hpp"
#include "core/one_shot.hpp"
#include "core/utf8.hpp"

#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace coroom {
namespace {

// A paused member waits for a history to be read. If that takes so long that this is exceeded, the disk is
// too slow, and the client recovers sooner by a new connection.
constexpr std::size_t hold_limit = 1 << 20;  // bytes

tl::unexpected<Error> no_membership_error() {
  return failure(Errc::closed, "not a member of a room");
}

// These coroutines own all that they use, so the membership may end before they do.

template <class T>
task<T> completed(T result) {
  co_return result;
}

task<> publish_and_call(std::shared_ptr<detail::room::RoomActor> room,
                        std::shared_ptr<detail::limits::AddressQuota> quota, Publication publication,
                        detail::application::PublishCallback done) {
  auto complete = detail::complete_on(co_await boost::asio::this_coro::executor, std::move(done));
  co_await detail::room::publish(std::move(room), std::move(quota), std::move(publication),
                                 std::move(complete));
}

task<Result<Position>> publish_and_wait(std::shared_ptr<detail::room::RoomActor> room,
                                        std::shared_ptr<detail::limits::AddressQuota> quota,
                                        Publication publication) {
  if (!room->options().keeps_history()) {
    const auto sent =
        co_await detail::room::publish(std::move(room), std::move(quota), std::move(publication), nullptr);
    if (!sent) co_return tl::unexpected(sent.error());
    co_return Position();
  }
  detail::OneShot<Result<Position>> outcome(co_await boost::asio::this_coro::executor);
  co_await detail::room::publish(std::move(room), std::move(quota), std::move(publication),
                                 outcome.completion());
  co_return co_await outcome.wait();
}

}  // namespace

Result<> detail::application::check(Publication& publication) {
  using Kind = Publication::Kind;
  if (publication.kind == Kind::text && !detail::is_utf8(publication.data))
    return failure(Errc::invalid_text, "the text is not UTF-8");
  if (publication.kind != Kind::json) return {};
  if (!detail::is_json(publication.data))
    return failure(Errc::invalid_json, "the publication is not one JSON value");
  detail::put_in_one_line(publication.data);
  return {};
}

Membership::Impl::Impl(detail::net::Shard& home, detail::room::WireFormat format, bool paused)
    : home_(home), format_(std::move(format)), paused_(paused) {}

/// Closes the connection if memory runs out: the member loses no publication unnoticed, and other members are
/// not affected.
void Membership::Impl::deliver(const SharedBytes& block) {
  try {
    if (block) return push_or_hold(block);
  } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): closed below
  }
  detail::insist("a close", [this] { overflow(); });
}

void Membership::Impl::push_or_hold(const SharedBytes& block) {
  if (!paused_) return push(block);
  if (held_bytes_ + block->size() <= hold_limit) {
    held_bytes_ += block->size();
    note_held(static_cast<std::ptrdiff_t>(block->size()));
    held_.push_back(block);
  } else {
    release_held();
    overflow();
  }
}

void Membership::Impl::resume() {
  paused_ = false;
  for (const SharedBytes& block : release_held()) push(block);
}

std::vector<SharedBytes> Membership::Impl::release_held() {
  note_held(-static_cast<std::ptrdiff_t>(std::exchange(held_bytes_, 0)));
  return std::exchange(held_, {});
}

Membership::Membership() = default;
Membership::Membership(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Membership::Membership(Membership&&) noexcept = default;
Membership& Membership::operator=(Membership&&) noexcept = default;
Membership::~Membership() = default;

task<Result<Position>> Membership::publish(Message message) {
  return publish(Publication::of(std::move(message)));
}

task<Result<Position>> Membership::publish(Publication publication) {
  if (const Result<> valid = impl_ ? detail::application::check(publication) : no_membership_error(); !valid)
    return completed(Result<Position>(tl::unexpected(valid.error())));
  impl_->membership->sign(publication);
  return publish_and_wait(impl_->membership->member().room(), impl_->membership->member().quota(),
                          std::move(publication));
}

Result<> Membership::post(Message message) {
  return post(Publication::of(std::move(message)));
}

Result<> Membership::post(Publication publication) {
  if (Result<> valid = impl_ ? detail::application::check(publication) : no_membership_error(); !valid)
    return valid;
  impl_->membership->sign(publication);
  return detail::room::post(impl_->membership->member().room(), impl_->membership->member().quota(),
                            std::move(publication));
}

Membership detail::application::RoomAccess::membership(std::unique_ptr<Membership::Impl> impl) {
  return Membership(std::move(impl));
}

task<> detail::application::RoomAccess::publish(const Membership& membership, Publication publication,
                                                PublishCallback done) {
  const detail::room::MembershipGuard& guard = *membership.impl_->membership;
  guard.sign(publication);
  return publish_and_call(guard.member().room(), guard.member().quota(), std::move(publication),
                          std::move(done));
}

std::optional<Position> Membership::position() const {
  return impl_ ? impl_->membership->member().position() : std::nullopt;
}

void Membership::resume() {
  if (impl_) impl_->resume();
}

void Membership::leave() {
  impl_.reset();
}

}  // namespace coroom
