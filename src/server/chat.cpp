#include "server/chat.hpp"

#include "core/utf8.hpp"
#include "protocol/plain_encoder.hpp"

#include <memory>
#include <string>
#include <utility>

namespace coroom::server {
namespace {

constexpr std::string_view default_room = "lobby";
constexpr std::size_t longest_room_name = 128;  // bytes

const protocol::PlainEncoder plain_encoder;

bool is_room_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_room_name && is_printable_utf8(name);
}

class ChatHandler final : public WebSocketHandler {
 public:
  ChatHandler(std::shared_ptr<const auth::OriginPolicy> origins,
              const std::optional<CompressionOptions>& compression)
      : origins_(std::move(origins)), compression_(compression) {}

  task<> prepare() override {
    room_ = get_argument("room", default_room);
    if (!is_room_name(room_))
      send_error(400, "A room's name is 1 to 128 bytes of UTF-8 without control characters.");
    co_return;
  }

  bool check_origin(std::string_view /*origin*/) override { return origins_->allows(request()); }

  [[nodiscard]] std::optional<CompressionOptions> get_compression_options() const override {
    return compression_;
  }

  task<> open() override {
    auto author = std::make_shared<const Author>(request().remote_ip.to_string());
    seat_ = co_await application().room(std::move(room_)).join(*this, std::move(author), &plain_encoder);
  }

  task<> on_message(Message message) override { return seat_.broadcast(std::move(message)); }

  task<> on_close() override {
    seat_.leave();
    co_return;
  }

 private:
  std::shared_ptr<const auth::OriginPolicy> origins_;
  std::optional<CompressionOptions> compression_;
  std::string room_;
  Seat seat_;
};

}  // namespace

Route chat_route(auth::OriginPolicy origins, std::optional<CompressionOptions> compression) {
  return route<ChatHandler>("/chat", std::make_shared<const auth::OriginPolicy>(std::move(origins)),
                            compression);
}

}  // namespace coroom::server
