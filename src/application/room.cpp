#include "application/publication_check.hpp"
#include "application/room_access.hpp"
#include "application/session.hpp"
#include "core/one_shot.hpp"
#include "room/hub.hpp"
#include "room/member.hpp"

#include <coroom/room.hpp>

#include <boost/asio/this_coro.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace coroom {
namespace {

/// An encoder for clients that know nothing of rooms: writes the messages unchanged.
class MessageEncoder final : public Encoder {
 public:
  void encode(std::string_view /*room*/, const Publication& publication, FrameWriter& out) const override {
    using Kind = Publication::Kind;
    if (publication.kind == Kind::text || publication.kind == Kind::json) out.text(publication.data);
    if (publication.kind == Kind::binary) out.binary(publication.data);
  }
};

std::shared_ptr<const Encoder> message_encoder() {
  static const auto encoder = std::make_shared<const MessageEncoder>();
  return encoder;
}

SharedClientInfo no_client() {
  static const auto client_info = std::make_shared<const ClientInfo>();
  return client_info;
}

/// The membership of a session in a room.
class SessionMember final : public detail::room::Member {
 public:
  SessionMember(detail::application::Session& session, Profile profile, bool paused)
      : Member(std::move(profile), paused), session_(session) {}

 private:
  void push(const SharedBytes& block) override { session_.push(block); }
  void overflow() override { session_.end_slow(); }
  void note_held(std::ptrdiff_t bytes) override { session_.hold(bytes); }

  detail::application::Session& session_;  // lives until leave()
};

// These coroutines own all that they use, so the Room may be a temporary.

using SharedHub = std::shared_ptr<detail::room::Hub>;
using SharedQuota = std::shared_ptr<detail::limits::AddressQuota>;

task<Result<Membership>> join(SharedHub hub, std::string name, detail::application::Session& session,
                              JoinOptions options) {
  const auto encoder = options.encoder ? std::move(options.encoder) : message_encoder();
  SessionMember::Profile profile{session.shard(), detail::room::share_wire_format(encoder, session.framing()),
                                 options.client_info ? std::move(options.client_info) : no_client(),
                                 session.quota(), options.visibility};
  const detail::room::MemberPtr member(new SessionMember(session, std::move(profile), options.paused));
  auto membership = detail::application::RoomAccess::membership(member);
  auto joined = co_await hub->join(name, member);
  if (!joined) co_return tl::unexpected(joined.error());
  co_return membership;
}

task<Result<Position>> publish(SharedHub hub, std::string name, Publication publication, SharedQuota quota) {
  if (!publication.client_info) publication.client_info = no_client();
  if (const auto valid = detail::application::check(publication); !valid)
    co_return tl::unexpected(valid.error());
  co_return co_await hub->publish(std::move(name), std::move(publication), std::move(quota));
}

task<> publish_and_call(SharedHub hub, std::string name, Publication publication, SharedQuota quota,
                        detail::application::PublishCallback done) {
  if (!publication.client_info) publication.client_info = no_client();
  auto complete = detail::complete_on(co_await boost::asio::this_coro::executor, std::move(done));
  auto waiting = hub->publish(name, std::move(publication), std::move(complete), std::move(quota));
  if (waiting.valid()) co_await std::move(waiting);
}

task<Result<History>> history(SharedHub hub, std::string name, HistoryFilter filter) {
  co_return co_await hub->history(std::move(name), filter);
}

task<Result<>> remove_history(SharedHub hub, std::string name) {
  co_return co_await hub->remove_history(std::move(name));
}

task<std::shared_ptr<const Presence>> presence(SharedHub hub, std::string name) {
  co_return co_await hub->presence(std::move(name));
}

}  // namespace

Room Room::used_by(ConnectionHandler& user) const {
  Room room(*this);
  room.quota_ = detail::application::Session::running(user).quota();
  return room;
}

RoomOptions Room::options() const {
  return hub_->options(name_);
}

bool Room::is_available() const {
  return hub_->has_room_for(name_);
}

task<Result<Membership>> Room::join(ConnectionHandler& member, JoinOptions options) const {
  return coroom::join(hub_, name_, detail::application::Session::running(member), std::move(options));
}

task<Result<Position>> Room::publish(Message message) const {
  return publish(Publication::of(std::move(message)));
}

task<Result<Position>> Room::publish(Publication publication) const {
  return coroom::publish(hub_, name_, std::move(publication), quota_);
}

Result<> Room::post(Message message) const {
  return post(Publication::of(std::move(message)));
}

Result<> Room::post(Publication publication) const {
  if (!publication.client_info) publication.client_info = no_client();
  if (auto valid = detail::application::check(publication); !valid) return valid;
  return hub_->post(name_, std::move(publication), quota_);
}

task<> detail::application::RoomAccess::publish(const Room& room, Publication publication,
                                                PublishCallback done) {
  return publish_and_call(room.hub_, room.name_, std::move(publication), room.quota_, std::move(done));
}

task<Result<History>> Room::history(HistoryFilter filter) const {
  if (quota_) filter.share = reinterpret_cast<std::uintptr_t>(quota_.get());  // NOLINT: a number of its own
  return coroom::history(hub_, name_, filter);
}

task<Result<>> Room::remove_history() const {
  return coroom::remove_history(hub_, name_);
}

task<std::shared_ptr<const Presence>> Room::presence() const {
  return coroom::presence(hub_, name_);
}

}  // namespace coroom
