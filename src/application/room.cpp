#include "application/membership.hpp"
#include "application/websocket_endpoint.hpp"
#include "core/one_shot.hpp"
#include "room/hub.hpp"

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

const MessageEncoder message_encoder;

SharedClientInfo nobody() {
  static const auto client_info = std::make_shared<const ClientInfo>();
  return client_info;
}

/// The membership of a session in a room.
class SessionMembership final : public Membership::Impl {
 public:
  SessionMembership(detail::websocket::Session& session, const Encoder& encoder, bool held)
      : Impl(session.shard(), detail::room::WireFormat(encoder, session.framing()), held),
        session_(session) {}

  SessionMembership(const SessionMembership&) = delete;
  SessionMembership& operator=(const SessionMembership&) = delete;
  ~SessionMembership() override { session_.hold(-held_bytes_); }

 private:
  void push(const SharedBytes& block) override { session_.push(block); }
  void overflow() override { session_.end_slow(); }
  void note_held(std::ptrdiff_t bytes) override {
    held_bytes_ += bytes;
    session_.hold(bytes);
  }

  detail::websocket::Session& session_;
  std::ptrdiff_t held_bytes_ = 0;
};

// These coroutines own all that they use, so the Room may be a temporary.

using SharedHub = std::shared_ptr<detail::room::Hub>;
using SharedQuota = std::shared_ptr<detail::limits::AddressQuota>;

task<Membership> join(SharedHub hub, std::string name, detail::websocket::Session& session,
                      JoinOptions options) {
  const Encoder& encoder = options.encoder != nullptr ? *options.encoder : message_encoder;
  auto impl = std::make_unique<SessionMembership>(session, encoder, options.held);
  SharedClientInfo client_info = options.client_info ? std::move(options.client_info) : nobody();
  impl->membership = co_await hub->join(name, *impl, std::move(client_info), session.quota());
  if (!impl->membership) co_return Membership();
  co_return Membership(std::move(impl));
}

task<Result<>> publish(SharedHub hub, std::string name, Publication publication, SharedQuota quota) {
  if (!publication.client_info) publication.client_info = nobody();
  if (const auto sayable = detail::application::check(publication); !sayable) co_return sayable;
  co_return co_await hub->publish(name, std::move(publication), nullptr, std::move(quota));
}

task<> publish_and_call(SharedHub hub, std::string name, Publication publication, SharedQuota quota,
                        Published done) {
  if (!publication.client_info) publication.client_info = nobody();
  auto complete = detail::complete_on(co_await boost::asio::this_coro::executor, std::move(done));
  if (const auto sayable = detail::application::check(publication); !sayable) {
    if (complete) complete(tl::unexpected(sayable.error()));
    co_return;
  }
  co_await hub->publish(name, std::move(publication), std::move(complete), std::move(quota));
}

task<Result<Position>> publish_and_wait(SharedHub hub, std::string name, Publication publication,
                                        SharedQuota quota) {
  if (!publication.client_info) publication.client_info = nobody();
  if (const auto sayable = detail::application::check(publication); !sayable)
    co_return tl::unexpected(sayable.error());
  detail::OneShot<Result<Position>> answer(co_await boost::asio::this_coro::executor);
  co_await hub->publish(name, std::move(publication), answer.completion(), std::move(quota));
  co_return co_await answer.wait();
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

Room Room::used_by(WebSocketHandler& user) const {
  Room room(*this);
  room.quota_ = detail::application::WebSocketEndpoint::of(user).running().quota();
  return room;
}

RoomOptions Room::options() const {
  return hub_->options(name_);
}

bool Room::is_available() const {
  return hub_->has_room_for(name_);
}

task<Membership> Room::join(WebSocketHandler& member, SharedClientInfo client_info,
                            const Encoder* encoder) const {
  return join(member, JoinOptions(std::move(client_info), encoder));
}

task<Membership> Room::join(WebSocketHandler& member, JoinOptions options) const {
  return coroom::join(hub_, name_, detail::application::WebSocketEndpoint::of(member).running(),
                      std::move(options));
}

task<Result<>> Room::broadcast(Message message) const {
  return coroom::publish(hub_, name_, Publication(nobody(), std::move(message)), quota_);
}

task<> Room::publish(Publication publication, Published done) const {
  return publish_and_call(hub_, name_, std::move(publication), quota_, std::move(done));
}

task<Result<Position>> Room::publish(Publication publication) const {
  return publish_and_wait(hub_, name_, std::move(publication), quota_);
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
