#include "application/membership.hpp"

#include "core/insist.hpp"
#include "core/json_text.hpp"
#include "core/one_shot.hpp"
#include "core/utf8.hpp"

#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace coroom {
namespace {

// A membership holds publications back while a history is read. If that takes so long that the limit is
// exceeded, the disk has a problem, and the client should reconnect.
constexpr std::size_t hold_limit = 1 << 20;  // bytes

tl::unexpected<Error> no_membership_error() {
  return failure("not a member of a room");
}

// These coroutines own all that they use, so the membership may end before they do.

template <class T>
task<T> answered(T result) {
  co_return result;
}

task<> refused(Result<> why, Published done) {
  auto complete = detail::complete_on(co_await boost::asio::this_coro::executor, std::move(done));
  if (complete) complete(tl::unexpected(why.error()));
}

task<> publish_and_call(std::shared_ptr<detail::room::RoomActor> room,
                        std::shared_ptr<detail::limits::AddressQuota> quota, Publication publication,
                        Published done) {
  auto complete = detail::complete_on(co_await boost::asio::this_coro::executor, std::move(done));
  co_await detail::room::publish(std::move(room), std::move(quota), std::move(publication),
                                 std::move(complete));
}

task<Result<Position>> publish_and_wait(std::shared_ptr<detail::room::RoomActor> room,
                                        std::shared_ptr<detail::limits::AddressQuota> quota,
                                        Publication publication) {
  detail::OneShot<Result<Position>> answer(co_await boost::asio::this_coro::executor);
  co_await detail::room::publish(std::move(room), std::move(quota), std::move(publication),
                                 answer.completion());
  co_return co_await answer.wait();
}

}  // namespace

Result<> detail::application::check(Publication& publication) {
  using Kind = Publication::Kind;
  if (publication.kind == Kind::text && !detail::is_utf8(publication.data))
    return failure("the text is not UTF-8");
  if (publication.kind != Kind::json || publication.is_checked_json()) return {};
  if (!detail::is_json(publication.data)) return failure("the publication is not one JSON value");
  detail::put_in_one_line(publication.data);
  return {};
}

Membership::Impl::Impl(detail::net::Shard& home, const detail::room::WireFormat& format, bool held)
    : home_(home), format_(format), holds_(held) {}

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
  if (!holds_) return push(block);
  if (held_bytes_ + block->size() <= hold_limit) {
    held_bytes_ += block->size();
    note_held(static_cast<std::ptrdiff_t>(block->size()));
    held_.push_back(block);
  } else {
    release_held();
    overflow();
  }
}

void Membership::Impl::listen() {
  holds_ = false;
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

task<Result<>> Membership::broadcast(Message message) {
  Publication publication(nullptr, std::move(message));
  const Result<> sayable = impl_ ? detail::application::check(publication) : no_membership_error();
  return sayable ? impl_->membership->publish(std::move(publication), nullptr) : answered(sayable);
}

task<> Membership::publish(Publication publication, Published done) {
  const Result<> sayable = impl_ ? detail::application::check(publication) : no_membership_error();
  if (!sayable) return refused(sayable, std::move(done));
  impl_->membership->sign(publication);
  return publish_and_call(impl_->membership->member().room(), impl_->membership->member().quota(),
                          std::move(publication), std::move(done));
}

task<Result<Position>> Membership::publish(Publication publication) {
  if (const Result<> sayable = impl_ ? detail::application::check(publication) : no_membership_error();
      !sayable)
    return answered(Result<Position>(tl::unexpected(sayable.error())));
  impl_->membership->sign(publication);
  return publish_and_wait(impl_->membership->member().room(), impl_->membership->member().quota(),
                          std::move(publication));
}

std::optional<Position> Membership::position() const {
  return impl_ ? impl_->membership->member().position() : std::nullopt;
}

void Membership::listen() {
  if (impl_) impl_->listen();
}

void Membership::leave() {
  impl_.reset();
}

}  // namespace coroom
