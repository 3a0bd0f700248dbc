#include "server/chat.hpp"

#include "application/room_access.hpp"
#include "centrifuge/channel_marks.hpp"
#include "core/refused_token.hpp"
#include "protocol/chat_lines.hpp"
#include "protocol/plain_encoder.hpp"
#include "server/chat_client.hpp"
#include "server/room_rule.hpp"

#include <coroom/centrifuge_codes.hpp>
#include <coroom/log.hpp>

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

namespace coroom::server {
namespace {

constexpr std::string_view default_room = "lobby";

std::shared_ptr<const Encoder> encoder(detail::protocol::AddressLines addresses) {
  using detail::protocol::AddressLines;
  using detail::protocol::PlainEncoder;
  static const auto with_addresses = std::make_shared<const PlainEncoder>(AddressLines::show);
  static const auto without_addresses = std::make_shared<const PlainEncoder>(AddressLines::hide);
  return addresses == AddressLines::show ? with_addresses : without_addresses;
}

/// Returns whether a text has control characters other than tabs and line breaks. JSON needs six bytes for
/// each, so a member could fill the queues of others with them.
bool has_controls(std::string_view text) {
  return std::ranges::any_of(text, [](char letter) {
    return static_cast<unsigned char>(letter) < ' ' && letter != '\t' && letter != '\n' && letter != '\r';
  });
}

class PlainChatHandler final : public WebSocketHandler, private ModeratedConnection {
 public:
  explicit PlainChatHandler(std::shared_ptr<const ChatSettings> settings) : settings_(std::move(settings)) {}

  task<> prepare() override {
    room_ = get_argument("room", default_room);
    if (const auto checked = check_room(*settings_->namespaces, room_); !checked) {
      const bool is_unknown = checked.error().kind == RoomFault::Kind::unknown_namespace;
      send_error(is_unknown ? 404 : 400, checked.error().message);
    } else if (admit(get_argument("token", "")) && !may_join()) {
      send_error(403, "You may not join this room.");
    }
    co_return;
  }

  bool check_origin(std::string_view /*origin*/) override { return settings_->origins.allows(request()); }

  [[nodiscard]] std::optional<CompressionOptions> get_compression_options() const override {
    return settings_->compression;
  }

  task<> open() override {
    auto client_info = std::make_shared<ClientInfo>(request().remote_ip.to_string());
    client_info->client_id = new_client_id();
    client_info->user = self_.user;
    client_info->conn_info = std::move(self_.info);
    client_info->meta = std::move(self_.meta);
    client_info->guest = self_.guest;
    client_info_ = client_info;
    release_request();
    client_ = std::make_shared<ChatClient>(application(), connection(), client_info_, settings_);
    const auto executor = co_await boost::asio::this_coro::executor;
    auto registration = application().moderation().register_connection(*this, executor, client_info_, trace_);
    if (!registration) {
      if (registration.error() == Moderation::Status::too_many)
        client_->count_limit(Counter::users_refused, "user connections");
      co_return end(Moderation::disconnect_for(registration.error()));
    }
    registration_ = std::move(*registration);
    if (self_.left) spawn(expire());
    auto joined = co_await application().room(room_).join(
        *this, {.client_info = client_info_, .encoder = encoder(settings_->addresses)});
    if (ended_) co_return;
    if (!joined) {
      client_->count_limit(Counter::rooms_refused, "rooms");
      co_return end({close_code::try_again_later, "too many rooms"});
    }
    membership_ = std::move(*joined);
  }

  /// Not a coroutine: most messages need none.
  task<> on_message(Message message) override {
    const Namespace room = settings_->namespaces->of(room_);
    if (!room.rules.publish.allows(is_anonymous(), true)) {
      end(centrifuge_disconnects::permission_denied);
      return {};
    }
    if (message.kind == Message::Kind::text && has_controls(message.data))
      return reject_publication(detail::protocol::unprintable);
    const bool keeps_history = room.options.keeps_history();
    if (settings_->pace->limits(*client_info_)) {
      const auto paced = settings_->pace->take(*client_info_, {room_, keeps_history}, message.data.size(),
                                               std::chrono::steady_clock::now());
      if (paced == GuestPace::Verdict::too_fast) return reject_too_fast("guest messages");
    }
    using PublishDecision = Moderation::PublishDecision;
    const auto decision = application().moderation().may_publish(*client_info_, room_, room.rules.slow_mode);
    if (decision != PublishDecision::allowed) {
      return reject_publication(decision == PublishDecision::muted ? detail::protocol::muted
                                                                   : detail::protocol::too_soon);
    }
    auto publication = Publication::of(std::move(message));  // valid: the session has checked the text
    return keeps_history ? publish_and_store(std::move(publication)) : publish(std::move(publication));
  }

  task<> on_too_fast(Message /*message*/) override { return reject(detail::protocol::too_soon); }

  task<> on_close() override {
    registration_.reset();
    membership_.leave();
    co_return;
  }

 private:
  [[nodiscard]] bool is_anonymous() const { return self_.user.empty() || self_.guest; }

  [[nodiscard]] bool may_join() const {
    ClientInfo client_info;
    client_info.user = self_.user;
    client_info.guest = self_.guest;
    return detail::centrifuge::may_enter(room_, settings_->namespaces->of(room_).rules, client_info);
  }

  /// Returns whether the client may connect with this token. If not, the error response has been set.
  bool admit(const std::string& token) {
    if (token.empty()) {
      if (settings_->anonymous) return true;
      refuse("A token is required: ?token=TOKEN.", TokenCause::missing);
      return false;
    }
    auto verified = settings_->tokens
                        ? settings_->tokens->connection(token)
                        : tl::unexpected(TokenFault(TokenCause::unknown_key, "no keys are configured"));
    if (settings_->tokens) charge(settings_->tokens->cost_of(verified ? nullptr : &verified.error()));
    if (verified) {
      trace_ = verified->trace;
      self_ = std::move(*verified);
      return is_admitted();
    }
    switch (verified.error().cause) {
      case TokenCause::keys_not_loaded:
        note_refusal(verified.error());
        send_error(503, "The token cannot be verified yet.", {{"Retry-After", "1"}});
        break;
      case TokenCause::expired:
        refuse("The token has expired.", verified.error());
        break;
      case TokenCause::not_yet_valid:
        refuse("The token is not valid yet.", verified.error());
        break;
      default:
        refuse("The token is not valid.", verified.error());
    }
    return false;
  }

  /// Returns whether no ban and no revocation applies to the user. If not, the error response has been set.
  bool is_admitted() {
    ClientInfo client_info(request().remote_ip.to_string());
    client_info.user = self_.user;
    const auto status = application().moderation().status(client_info, trace_);
    if (status == Moderation::Status::good) return true;
    if (status == Moderation::Status::revoked) {
      refuse("The token is not valid.", TokenCause::revoked);
    } else {
      application().counters().add(Counter::connections_banned);
      logging::info("banned", {{"peer", request().remote_ip.to_string()}, {"user", self_.user}});
      send_error(403, "This user is banned.");
    }
    return false;
  }

  task<> publish(Publication publication) {
    const auto published =
        co_await detail::application::RoomAccess::publish(membership_, std::move(publication));
    if (!published) client_->notify_of(published.error());
  }

  /// Publishes without waiting for the broker, so that the client's next message is read meanwhile.
  task<> publish_and_store(Publication publication) {
    auto done = [client = client_](const Result<Position>& stored) {
      if (!stored) client->notify_of(stored.error());
    };
    return detail::application::RoomAccess::publish(membership_, std::move(publication), std::move(done));
  }

  task<> reject_too_fast(std::string_view limit) {
    client_->count_too_fast(limit);
    return reject(detail::protocol::too_soon);
  }

  task<> reject_publication(std::string_view why) {
    application().counters().add(Counter::publications_refused);
    return reject(why);
  }

  /// Sends the reason in a line that only this client receives.
  task<> reject(std::string_view why) { co_await write_message(client_->rejection(why)); }

  void note_refusal(const TokenFault& fault) {
    application().counters().add(fault.cause);
    detail::log_refused_token(request().remote_ip.to_string(), fault);
  }

  void refuse(std::string_view why, const TokenFault& fault) {
    note_refusal(fault);
    send_error(401, why, {{"WWW-Authenticate", "Bearer"}});  // RFC 9110 section 15.5.2
  }

  /// Ends the connection when its token expires.
  task<> expire() {
    co_await application().sleep_for(*self_.left);
    const auto state = co_await boost::asio::this_coro::cancellation_state;
    if (state.cancelled() == boost::asio::cancellation_type::none) end(centrifuge_disconnects::expired);
  }

  void end(const Disconnect& why) {
    ended_ = true;
    membership_.leave();  // at once: a lost client may take long to close
    std::ignore = close(why.code, why.reason);
  }
  void on_kick(const Disconnect& why) override { end(why); }
  void on_kick_from(const std::string& room) override {
    if (room == room_) end(Disconnect(close_code::kicked, "kicked"));
  }

  std::shared_ptr<const ChatSettings> settings_;
  std::string room_;
  ConnectionToken self_;
  std::optional<TokenTrace> trace_;     // of the token; none: the client connected without one
  SharedClientInfo client_info_;        // set from open() on
  std::shared_ptr<ChatClient> client_;  // the same
  std::optional<Moderation::Registration> registration_;
  Membership membership_;
  bool ended_ = false;
};

}  // namespace

Route chat_route(ChatSettings settings) {
  return route<PlainChatHandler>("/chat", std::make_shared<const ChatSettings>(std::move(settings)));
}

}  // namespace coroom::server
