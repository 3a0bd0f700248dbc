#include "application/seat.hpp"
#include "application/websocket_endpoint.hpp"
#include "core/answer.hpp"
#include "room/hub.hpp"

#include <coroom/room.hpp>

#include <boost/asio/this_coro.hpp>

#include <cstddef>
#include <cstdint>
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

/// A session as a member of a room.
class SessionSeat final : public Seat::Impl {
 public:
  SessionSeat(websocket::Session& session, const Encoder& encoder, bool held)
      : Impl(session.shard(), room::Encoding(encoder, session.framing()), held), session_(session) {}

  SessionSeat(const SessionSeat&) = delete;
  SessionSeat& operator=(const SessionSeat&) = delete;
  ~SessionSeat() override { session_.hold(-held_bytes_); }

 private:
  void push(const SharedBytes& block) override { session_.push(block); }
  void overflow() override { session_.end_slow(); }
  void note_held(std::ptrdiff_t bytes) override {
    held_bytes_ += bytes;
    session_.hold(bytes);
  }

  websocket::Session& session_;
  std::ptrdiff_t held_bytes_ = 0;
};

}  // namespace

Room Room::used_by(WebSocketHandler& user) const {
  const websocket::Session* session = application::WebSocketEndpoint::of(user).session();
  if (session == nullptr) throw std::logic_error("a handler uses rooms from open() on");
  Room room(*this);
  room.account_ = session->account();
  return room;
}

RoomOptions Room::options() const {
  return hub_->options(name_);
}

bool Room::is_available() const {
  return hub_->has_room_for(name_);
}

task<Seat> Room::join(WebSocketHandler& member, SharedAuthor author, const Encoder* encoder) {
  return join(member, JoinOptions(std::move(author), encoder));
}

task<Seat> Room::join(WebSocketHandler& member, JoinOptions options) {
  websocket::Session* session = application::WebSocketEndpoint::of(member).session();
  if (session == nullptr) throw std::logic_error("a handler joins rooms from open() on");
  const Encoder& encoder = options.encoder != nullptr ? *options.encoder : message_encoder;
  auto impl = std::make_unique<SessionSeat>(*session, encoder, options.held);
  SharedAuthor author = options.author ? std::move(options.author) : nobody();
  impl->seat = co_await hub_->enter(name_, *impl, std::move(author), session->account());
  if (!impl->seat) co_return Seat();
  co_return Seat(std::move(impl));
}

task<Result<>> Room::broadcast(Message message) {
  Publication publication(nobody(), std::move(message));
  if (auto sayable = application::check(publication); !sayable) co_return sayable;
  co_await hub_->publish(name_, std::move(publication), nullptr, account_);
  co_return Result<>();
}

task<> Room::publish(Publication publication, Published done) {
  if (!publication.author) publication.author = nobody();
  auto tell = told_on(co_await boost::asio::this_coro::executor, std::move(done));
  if (const auto sayable = application::check(publication); !sayable) {
    if (tell) tell(tl::unexpected(sayable.error()));
    co_return;
  }
  co_await hub_->publish(name_, std::move(publication), std::move(tell), account_);
}

task<Result<Position>> Room::publish(Publication publication) {
  Answer<Result<Position>> answer(co_await boost::asio::this_coro::executor);
  co_await publish(std::move(publication), answer.teller());
  co_return co_await answer.wait();
}

task<Result<History>> Room::history(HistoryFilter filter) {
  if (account_)
    filter.share = reinterpret_cast<std::uintptr_t>(account_.get());  // NOLINT: a number of its own
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
