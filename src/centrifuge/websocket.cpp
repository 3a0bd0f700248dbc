#include "centrifuge/websocket.hpp"

#include "centrifuge/handler_transport.hpp"

#include <algorithm>
#include <utility>

namespace coroom::detail::centrifuge {
namespace {

constexpr std::string_view json_subprotocol = "centrifuge-json";
constexpr std::string_view protobuf_subprotocol = "centrifuge-protobuf";

class WebSocketTransport final : public HandlerTransport<WebSocketHandler> {
 public:
  using HandlerTransport::HandlerTransport;

  task<> prepare() override {
    pings_by_frame_ = get_argument("cf_ws_frame_ping_pong", "") == "true";
    for (const char* name : {"format", "cf_protocol"})
      if (get_argument(name, "") == "protobuf") set_encoding(Encoding::protobuf);
    co_return;
  }

  std::optional<std::string> select_subprotocol(const std::vector<std::string>& offered) override {
    for (const auto& [subprotocol, encoding] :
         {std::pair(json_subprotocol, Encoding::json), std::pair(protobuf_subprotocol, Encoding::protobuf)}) {
      if (std::ranges::find(offered, subprotocol) == offered.end()) continue;
      set_encoding(encoding);
      return std::string(subprotocol);
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<CompressionOptions> get_compression_options() const override {
    return settings().compression;
  }

  [[nodiscard]] std::chrono::milliseconds ping_interval() const override {
    return pings_by_frame_ ? WebSocketHandler::ping_interval() : std::chrono::milliseconds(0);
  }

  /// A binary frame may carry JSON too: some client libraries send strings so. The connection has one
  /// encoding, and the kind of a frame does not change it.
  task<> on_message(Message message) override { return client().on_frame(std::move(message.data)); }

 private:
  [[nodiscard]] bool wants_pings() const override { return !pings_by_frame_; }

  bool pings_by_frame_ = false;
};

}  // namespace

Route websocket_route(std::shared_ptr<const CentrifugeSettings> settings) {
  return route<WebSocketTransport>("/connection/websocket", std::move(settings));
}

}  // namespace coroom::detail::centrifuge
