#include "server/chat.hpp"

#include "application/upgrade.hpp"
#include "core/utf8.hpp"
#include "websocket/session.hpp"

#include <memory>
#include <string>
#include <utility>

namespace coroom::server {
namespace {

constexpr std::string_view default_room = "lobby";
constexpr std::size_t longest_room_name = 128;  // bytes

/// One client of /chat: a WebSocket session on one side, a member of a room on the other.
class ChatClient final : public websocket::Handler, public room::Subscriber {
 public:
  ChatClient(room::Hub& hub, const room::Encoder& encoder, std::string room, room::SharedAuthor author)
      : hub_(hub), encoder_(encoder), room_(std::move(room)), author_(std::move(author)) {}

  task<> open(websocket::Session& session) override {
    session_ = &session;
    seat_ = co_await hub_.enter(std::move(room_), *this, author_);
  }

  task<> on_message(Message message) override { return seat_->publish(std::move(message)); }

  void on_close(const Disconnect&) override { seat_.reset(); }

  void deliver(const SharedBytes& block) override { session_->push(block); }
  [[nodiscard]] net::Shard& home() const override { return session_->shard(); }
  [[nodiscard]] const room::Encoder& encoder() const override { return encoder_; }

 private:
  room::Hub& hub_;
  const room::Encoder& encoder_;
  std::string room_;
  room::SharedAuthor author_;
  websocket::Session* session_ = nullptr;
  std::unique_ptr<room::Seat> seat_;
};

bool is_room_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_room_name && is_printable_utf8(name);
}

}  // namespace

http::Reply Chat::respond(http::Request request) const {
  if (auto refusal = application::refuse_upgrade(request)) return std::move(*refusal);
  if (!parts_.origins.allows(request)) {
    parts_.counters.add(Count::origins_refused);
    return http::text_response(403, "Pages of this origin may not connect: see --allow-origin.");
  }
  const std::string room(request.argument("room").value_or(default_room));
  if (!is_room_name(room)) {
    return http::text_response(400, "A room's name is 1 to 128 bytes of UTF-8 without control characters.");
  }
  const auto client = parts_.proxies.client_of(request);
  auto author = std::make_shared<const room::Author>(client.to_string());
  auto handler = std::make_shared<ChatClient>(parts_.hub, encoder_, room, std::move(author));
  return application::upgrade(std::move(request), client, std::move(handler), parts_.settings,
                              parts_.counters);
}

}  // namespace coroom::server
