#include "server/chat.hpp"

#include "centrifuge/codes.hpp"
#include "core/deadline.hpp"
#include "core/log.hpp"
#include "protocol/plain_encoder.hpp"
#include "room/room_name.hpp"

#include <boost/asio/this_coro.hpp>

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
  explicit ChatHandler(std::shared_ptr<const ChatSettings> settings) : settings_(std::move(settings)) {}

  task<> prepare() override {
    room_ = get_argument("room", default_room);
    if (!room::is_room_name(room_)) {
      send_error(400, "A room's name is 1 to 255 bytes of UTF-8 without control characters.");
    } else if (admit(get_argument("token", "")) && !rules().subscribe.allows(self_.user.empty(), false)) {
      send_error(403, "This room is not for everybody.");
    }
    co_return;
  }

  bool check_origin(std::string_view /*origin*/) override { return settings_->origins.allows(request()); }

  [[nodiscard]] std::optional<CompressionOptions> get_compression_options() const override {
    return settings_->compression;
  }

  task<> open() override {
    auto author = std::make_shared<Author>(request().remote_ip.to_string());
    author->client = new_client();
    author->user = self_.user;
    author->conn_info = std::move(self_.info);
    if (self_.left) {
      expiry_.emplace(co_await boost::asio::this_coro::executor,
                      [this] { end(centrifuge::disconnect::expired); });
      expiry_->expires_after(*self_.left);
    }
    seat_ = co_await application().room(room_).join(*this, std::move(author), &plain_encoder);
  }

  task<> on_message(Message message) override {
    if (!rules().publish.allows(self_.user.empty(), true))
      co_return end(centrifuge::disconnect::permission_denied);
    co_await seat_.broadcast(std::move(message));
  }

  task<> on_close() override {
    expiry_.reset();
    seat_.leave();
    co_return;
  }

 private:
  [[nodiscard]] const RoomRules& rules() const { return settings_->namespaces->of(room_).rules; }

  /// Whether this is somebody; if not, it is answered.
  bool admit(const std::string& token) {
    if (token.empty()) {
      if (settings_->anonymous) return true;
      refuse("A token is needed: ?token=TOKEN.", "there is none");
      return false;
    }
    auto said =
        settings_->tokens ? settings_->tokens->connection(token) : tl::unexpected(TokenFault::invalid);
    if (said) {
      self_ = std::move(*said);
    } else if (said.error() == TokenFault::expired) {
      refuse("The token has expired.", "expired");
    } else {
      refuse("The token is not valid here.", "invalid");
    }
    return said.has_value();
  }

  void refuse(std::string_view why, std::string_view cause) {
    application().counters().add(Count::tokens_refused);
    log::info("token refused", {{"peer", request().remote_ip.to_string()}, {"cause", cause}});
    send_error(401, why);
    set_header("WWW-Authenticate", "Bearer");  // RFC 9110 section 15.5.2
  }

  void end(const Disconnect& why) { std::ignore = close(why.code, why.reason); }

  std::shared_ptr<const ChatSettings> settings_;
  std::string room_;
  ConnectionToken self_;
  std::optional<Deadline> expiry_;  // none: it does not expire
  Seat seat_;
};

}  // namespace

Route chat_route(ChatSettings settings) {
  return route<ChatHandler>("/chat", std::make_shared<const ChatSettings>(std::move(settings)));
}

}  // namespace coroom::server
