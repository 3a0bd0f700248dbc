#include "application/websocket_endpoint.hpp"
#include "room/hub.hpp"

#include <coroom/room.hpp>

#include <utility>

namespace coroom {
namespace {

/// Messages as they are, to a client that knows nothing of rooms.
class MessageEncoder final : public Encoder {
 public:
  void encode(const Publication& publication, FrameWriter& out) const override {
    if (publication.kind == Publication::Kind::text) out.text(publication.data);
    if (publication.kind == Publication::Kind::binary) out.binary(publication.data);
  }
};

const MessageEncoder message_encoder;

SharedAuthor nobody() {
  static const auto author = std::make_shared<const Author>("");
  return author;
}

}  // namespace

/// A session as a member of a room.
class Seat::Impl final : public room::Subscriber {
 public:
  Impl(websocket::Session& session, const Encoder& encoder)
      : session_(session), encoding_(encoder, session.deflate()) {}

  void deliver(const SharedBytes& block) override { session_.push(block); }
  [[nodiscard]] net::Shard& home() const override { return session_.shard(); }
  [[nodiscard]] const room::Encoding& encoding() const override { return encoding_; }

  std::unique_ptr<room::Seat> seat;

 private:
  websocket::Session& session_;
  room::Encoding encoding_;
};

Seat::Seat() = default;
Seat::Seat(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Seat::Seat(Seat&&) noexcept = default;
Seat& Seat::operator=(Seat&&) noexcept = default;
Seat::~Seat() = default;

task<> Seat::broadcast(Message message) {
  if (impl_) co_await impl_->seat->publish(std::move(message));
}

void Seat::leave() {
  impl_.reset();
}

task<Seat> Room::join(WebSocketHandler& member, SharedAuthor author, const Encoder* encoder) {
  websocket::Session* session = application::WebSocketEndpoint::of(member).session();
  if (session == nullptr) throw std::logic_error("a handler joins rooms from open() on");
  auto impl = std::make_unique<Seat::Impl>(*session, encoder != nullptr ? *encoder : message_encoder);
  impl->seat = co_await hub_->enter(name_, *impl, author ? std::move(author) : nobody());
  co_return Seat(std::move(impl));
}

task<> Room::broadcast(Message message) {
  return hub_->publish(name_, Publication(nobody(), std::move(message)));
}

}  // namespace coroom
