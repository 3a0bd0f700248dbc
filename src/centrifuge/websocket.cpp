#include "centrifuge/websocket.hpp"

#include "centrifuge/client.hpp"
#include "centrifuge/origin.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace coroom::centrifuge {
namespace {

constexpr std::string_view subprotocol = "centrifuge-json";

class WebSocketLink final : public WebSocketHandler, private Link {
 public:
  explicit WebSocketLink(std::shared_ptr<const CentrifugeSettings> settings)
      : settings_(std::move(settings)) {}

  task<> prepare() override {
    pings_by_frame_ = get_argument("cf_ws_frame_ping_pong", "") == "true";
    co_return;
  }

  bool check_origin(std::string_view /*origin*/) override { return is_origin_allowed(*settings_, request()); }

  std::optional<std::string> select_subprotocol(const std::vector<std::string>& offered) override {
    if (std::ranges::find(offered, subprotocol) == offered.end()) return std::nullopt;
    return std::string(subprotocol);
  }

  [[nodiscard]] std::optional<CompressionOptions> get_compression_options() const override {
    return settings_->compression;
  }

  [[nodiscard]] std::chrono::milliseconds ping_interval() const override {
    return pings_by_frame_ ? WebSocketHandler::ping_interval() : std::chrono::milliseconds(0);
  }

  /// A client would not notice what it did not get; who has to come back recovers it.
  [[nodiscard]] SlowConsumer slow_consumer() const override { return SlowConsumer::close; }

  /// A frame may hold many commands, and those are counted.
  [[nodiscard]] RateLimit rate_limit() const override { return {.messages = 0, .bytes = 0}; }

  task<> open() override {
    auto author = std::make_shared<Author>(request().remote_ip.to_string());
    author->client = new_client();
    Link& link = *this;
    client_ = std::make_shared<Client>(link, *settings_, std::move(author),
                                       co_await boost::asio::this_coro::executor);
  }

  task<> on_message(Message message) override {
    if (message.kind == Message::Kind::binary) message.data.clear();  // no frame of this protocol
    return client_->on_frame(std::move(message.data));
  }

  task<> on_close() override {
    client_->end();
    co_return;
  }

 private:
  task<> write(std::string lines) override { co_await write_message(lines); }
  void push(std::string_view lines) override { std::ignore = push_message(lines); }
  void close(const Disconnect& why) override { std::ignore = WebSocketHandler::close(why.code, why.reason); }
  [[nodiscard]] bool wants_pings() const override { return !pings_by_frame_; }

  Room room(std::string name) override { return application().room(std::move(name)); }
  task<Seat> join(Room room, JoinOptions options) override {
    co_return co_await room.join(*this, std::move(options));
  }
  Counters& counters() override { return application().counters(); }
  Moderation& moderation() override { return application().moderation(); }
  [[nodiscard]] RateLimit command_limit() const override { return application().settings().rate_limit; }

  std::shared_ptr<const CentrifugeSettings> settings_;
  bool pings_by_frame_ = false;
  std::shared_ptr<Client> client_;  // from open() on
};

}  // namespace

Route websocket_route(std::shared_ptr<const CentrifugeSettings> settings) {
  return route<WebSocketLink>("/connection/websocket", std::move(settings));
}

}  // namespace coroom::centrifuge
