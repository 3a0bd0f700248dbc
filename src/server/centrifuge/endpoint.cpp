#include "server/centrifuge/endpoint.hpp"

#include "protocol/centrifuge_codes.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace coroom::server::centrifuge {
namespace {

constexpr std::string_view subprotocol = "centrifuge-json";

class WebSocketLink final : public WebSocketHandler, private Link {
 public:
  WebSocketLink(std::shared_ptr<const Service> service, std::shared_ptr<const auth::OriginPolicy> origins,
                const std::optional<CompressionOptions>& compression)
      : service_(std::move(service)), origins_(std::move(origins)), compression_(compression) {}

  task<> prepare() override {
    pings_by_frame_ = get_argument("cf_ws_frame_ping_pong", "") == "true";
    co_return;
  }

  bool check_origin(std::string_view /*origin*/) override { return origins_->allows(request()); }

  std::optional<std::string> select_subprotocol(const std::vector<std::string>& offered) override {
    if (std::ranges::find(offered, subprotocol) == offered.end()) return std::nullopt;
    return std::string(subprotocol);
  }

  [[nodiscard]] std::optional<CompressionOptions> get_compression_options() const override {
    return compression_;
  }

  [[nodiscard]] std::chrono::milliseconds ping_interval() const override {
    return pings_by_frame_ ? WebSocketHandler::ping_interval() : std::chrono::milliseconds(0);
  }

  task<> open() override {
    auto author = std::make_shared<Author>(request().remote_ip.to_string());
    author->client = new_client();
    Link& link = *this;
    client_ = std::make_shared<Client>(link, application(), *service_, std::move(author),
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

  task<Seat> join(Room room, JoinOptions options) override {
    co_return co_await room.join(*this, std::move(options));
  }

  std::shared_ptr<const Service> service_;
  std::shared_ptr<const auth::OriginPolicy> origins_;
  std::optional<CompressionOptions> compression_;
  bool pings_by_frame_ = false;
  std::shared_ptr<Client> client_;  // from open() on
};

}  // namespace

Route websocket_route(std::shared_ptr<const Service> service, auth::OriginPolicy origins,
                      std::optional<CompressionOptions> compression) {
  return route<WebSocketLink>("/connection/websocket", std::move(service),
                              std::make_shared<const auth::OriginPolicy>(std::move(origins)), compression);
}

}  // namespace coroom::server::centrifuge
