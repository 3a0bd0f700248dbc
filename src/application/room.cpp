#include "application/websocket_endpoint.hpp"
#include "core/answer.hpp"
#include "room/hub.hpp"

#include <coroom/room.hpp>

#include <boost/asio/this_coro.hpp>

#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

namespace coroom {
namespace {

/// Messages as they are, to a client that knows nothing of rooms.
class MessageEncoder final : public Encoder {
 public:
  void encode(std::string_view /*room*/, const Publication& publication, FrameWriter& out) const override {
    using Kind = Publication::Kind;
    if (publication.kind == Kind::text || publication.kind == Kind::json) out.text(publication.data);
    if (publication.kind == Kind::binary) out.binary(publication.data);
  }
};

const MessageEncoder message_encoder;

SharedAuthor nobody() {
  static const auto author = std::make_shared<const Author>();
  return author;
}

}  // namespace

/// A session as a member of a room.
class Seat::Impl final : public room::Subscriber {
 public:
  Impl(websocket::Session& session, const Encoder& encoder, bool held)
      : session_(session), encoding_(encoder, session.framing()) {
    if (held) held_.emplace();
  }

  void deliver(const SharedBytes& block) override {
    if (held_) {
      held_->push_back(block);
    } else {
      session_.push(block);
    }
  }

  void listen() {
    const auto held = std::exchange(held_, std::nullopt);
    if (!held) return;
    for (const SharedBytes& block : *held) session_.push(block);
  }

  [[nodiscard]] net::Shard& home() const override { return session_.shard(); }
  [[nodiscard]] const room::Encoding& encoding() const override { return encoding_; }

  std::unique_ptr<room::Seat> seat;

 private:
  websocket::Session& session_;
  room::Encoding encoding_;
  std::optional<std::vector<SharedBytes>> held_;  // as long as its owner does not listen
};

Seat::Seat() = default;
Seat::Seat(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Seat::Seat(Seat&&) noexcept = default;
Seat& Seat::operator=(Seat&&) noexcept = default;
Seat::~Seat() = default;

task<> Seat::broadcast(Message message) {
  if (!impl_) co_return;
  Publication publication(nullptr, std::move(message));
  co_await impl_->seat->publish(std::move(publication), nullptr);
}

task<> Seat::publish(Publication publication, Published done) {
  if (!impl_) co_return done(failure("there is no seat to publish from"));
  auto tell = told_on(co_await boost::asio::this_coro::executor, std::move(done));
  co_await impl_->seat->publish(std::move(publication), std::move(tell));
}

task<Result<Position>> Seat::publish(Publication publication) {
  Answer<Result<Position>> answer(co_await boost::asio::this_coro::executor);
  co_await publish(std::move(publication), answer.teller());
  co_return co_await answer.wait();
}

std::optional<Position> Seat::position() const {
  return impl_ ? impl_->seat->entry().position() : std::nullopt;
}

void Seat::listen() {
  if (impl_) impl_->listen();
}

void Seat::leave() {
  impl_.reset();
}

task<Seat> Room::join(WebSocketHandler& member, SharedAuthor author, const Encoder* encoder) {
  return join(member, JoinOptions(std::move(author), encoder));
}

task<Seat> Room::join(WebSocketHandler& member, JoinOptions options) {
  websocket::Session* session = application::WebSocketEndpoint::of(member).session();
  if (session == nullptr) throw std::logic_error("a handler joins rooms from open() on");
  const Encoder& encoder = options.encoder != nullptr ? *options.encoder : message_encoder;
  auto impl = std::make_unique<Seat::Impl>(*session, encoder, options.held);
  SharedAuthor author = options.author ? std::move(options.author) : nobody();
  impl->seat = co_await hub_->enter(name_, *impl, std::move(author));
  co_return Seat(std::move(impl));
}

task<> Room::broadcast(Message message) {
  return hub_->publish(name_, Publication(nobody(), std::move(message)), nullptr);
}

task<> Room::publish(Publication publication, Published done) {
  if (!publication.author) publication.author = nobody();
  auto tell = told_on(co_await boost::asio::this_coro::executor, std::move(done));
  co_await hub_->publish(name_, std::move(publication), std::move(tell));
}

task<Result<Position>> Room::publish(Publication publication) {
  Answer<Result<Position>> answer(co_await boost::asio::this_coro::executor);
  co_await publish(std::move(publication), answer.teller());
  co_return co_await answer.wait();
}

task<Result<History>> Room::history(HistoryFilter filter) {
  return hub_->history(name_, filter);
}

task<Result<>> Room::remove_history() {
  return hub_->remove_history(name_);
}

task<std::shared_ptr<const Presence>> Room::presence() {
  Answer<room::PresenceSet::Snapshot> answer(co_await boost::asio::this_coro::executor);
  co_await hub_->census(name_, answer.teller());
  co_return co_await answer.wait();
}

}  // namespace coroom
