#include "application/publication_check.hpp"
#include "application/room_access.hpp"
#include "core/completed.hpp"
#include "core/one_shot.hpp"
#include "room/member.hpp"
#include "room/publish.hpp"

#include <utility>

namespace coroom {
namespace {

tl::unexpected<Error> no_membership_error() {
  return failure(Errc::closed, "not a member of a room");
}

}  // namespace

Membership::Membership() = default;
Membership::Membership(detail::room::Member* member) : member_(member) {}
Membership::Membership(Membership&&) noexcept = default;
Membership& Membership::operator=(Membership&&) noexcept = default;
Membership::~Membership() = default;

void Membership::LeaveRoom::operator()(detail::room::Member* member) const {
  const detail::room::MemberPtr ended(member, false);
  ended->leave();
}

task<Result<Position>> Membership::publish(Message message) {
  return publish(Publication::of(std::move(message)));
}

task<Result<Position>> Membership::publish(Publication publication) {
  if (const Result<> valid = member_ ? detail::application::check(publication) : no_membership_error();
      !valid)
    return detail::completed(Result<Position>(tl::unexpected(valid.error())));
  return detail::application::RoomAccess::publish(*this, std::move(publication));
}

Result<> Membership::post(Message message) {
  return post(Publication::of(std::move(message)));
}

Result<> Membership::post(Publication publication) {
  if (Result<> valid = member_ ? detail::application::check(publication) : no_membership_error(); !valid)
    return valid;
  member_->sign(publication);
  return detail::room::post(member_->room(), member_->quota(), std::move(publication));
}

Membership detail::application::RoomAccess::membership(detail::room::MemberPtr member) {
  return Membership(member.detach());
}

task<> detail::application::RoomAccess::publish(const Membership& membership, Publication publication,
                                                PublishCallback done) {
  if (!membership.member_) {
    if (done) done(no_membership_error());
    return {};
  }
  const detail::room::Member& member = *membership.member_;
  member.sign(publication);
  return detail::room::publish(member.room(), member.quota(), std::move(publication),
                               detail::complete_on(member.home().executor(), std::move(done)));
}

task<Result<Position>> detail::application::RoomAccess::publish(const Membership& membership,
                                                                Publication publication) {
  if (!membership.member_) return detail::completed(Result<Position>(no_membership_error()));
  const detail::room::Member& member = *membership.member_;
  member.sign(publication);
  return detail::room::publish(member.room(), member.quota(), std::move(publication));
}

std::optional<Position> Membership::position() const {
  const Position* position = member_ ? member_->position() : nullptr;
  return position != nullptr ? std::optional(*position) : std::nullopt;
}

void Membership::resume() {
  if (member_) member_->resume();
}

void Membership::leave() {
  member_.reset();
}

}  // namespace coroom
