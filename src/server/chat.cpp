#include "server/chat.hpp"

#include "centrifuge/codes.hpp"
#include "protocol/plain_encoder.hpp"
#include "room/room_name.hpp"

#include <memory>
#include <string>
#include <tuple>
#include <utility>

namespace coroom::server {
namespace {

constexpr std::string_view default_room = "lobby";

const protocol::PlainEncoder plain_encoder;

class ChatHandler final : public WebSocketHandler {
 public:
  ChatHandler(std::shared_ptr<const Namespaces> namespaces, std::shared_ptr<const auth::OriginPolicy> origins,
              const std::optional<CompressionOptions>& compression)
      : namespaces_(std::move(namespaces)), origins_(std::move(origins)), compression_(compression) {}

  task<> prepare() override {
    room_ = get_argument("room", default_room);
    if (!room::is_room_name(room_)) {
      send_error(400, "A room's name is 1 to 255 bytes of UTF-8 without control characters.");
    } else if (!rules().subscribe.allows(true, false)) {
      send_error(403, "This room is not for everybody.");
    }
    co_return;
  }

  bool check_origin(std::string_view /*origin*/) override { return origins_->allows(request()); }

  [[nodiscard]] std::optional<CompressionOptions> get_compression_options() const override {
    return compression_;
  }

  task<> open() override {
    auto author = std::make_shared<Author>(request().remote_ip.to_string());
    author->client = new_client();
    seat_ = co_await application().room(room_).join(*this, std::move(author), &plain_encoder);
  }

  task<> on_message(Message message) override {
    if (!rules().publish.allows(true, true)) {
      const Disconnect& why = centrifuge::disconnect::permission_denied;
      std::ignore = close(why.code, why.reason);
      co_return;
    }
    co_await seat_.broadcast(std::move(message));
  }

  task<> on_close() override {
    seat_.leave();
    co_return;
  }

 private:
  [[nodiscard]] const RoomRules& rules() const { return namespaces_->of(room_).rules; }

  std::shared_ptr<const Namespaces> namespaces_;
  std::shared_ptr<const auth::OriginPolicy> origins_;
  std::optional<CompressionOptions> compression_;
  std::string room_;
  Seat seat_;
};

}  // namespace

Route chat_route(std::shared_ptr<const Namespaces> namespaces, auth::OriginPolicy origins,
                 std::optional<CompressionOptions> compression) {
  return route<ChatHandler>("/chat", std::move(namespaces),
                            std::make_shared<const auth::OriginPolicy>(std::move(origins)), compression);
}

}  // namespace coroom::server
