#include "centrifuge/one_way.hpp"

#include "centrifuge/codes.hpp"
#include "centrifuge/handler_transport.hpp"
#include "centrifuge/json_command.hpp"
#include "centrifuge/stream_transport.hpp"

#include <optional>
#include <string>
#include <utility>

namespace coroom::detail::centrifuge {
namespace {

std::string sentence_of(const CommandFault& fault) {
  return "The body or cf_connect must be a JSON object with the fields of connect: " + fault.why + ".";
}

/// Server-sent events or lines with pushes alone, to a client that sends one request and nothing else.
class OneWayStream final : public StreamTransport {
 public:
  OneWayStream(Framing::Kind framing, SharedSettings settings)
      : StreamTransport(framing, std::move(settings)) {
    set_encoding(Encoding::json_pushes);
  }

  task<> open() override {
    co_await StreamTransport::open();
    co_await client().connect(std::move(request_));
  }

  task<> on_message(Message /*message*/) override { return {}; }

 private:
  void check_first(const std::string& first) override {
    auto read = json::read_connect_request(first);
    if (!read) return send_error(400, sentence_of(read.error()));
    request_ = std::move(*read);
  }

  ConnectRequest request_;
};

/// Text frames with pushes alone. The request is the argument `cf_connect`, or the client's first message; a
/// second one closes the connection.
class OneWayWebSocket final : public HandlerTransport<WebSocketHandler> {
 public:
  explicit OneWayWebSocket(SharedSettings settings) : HandlerTransport(std::move(settings)) {
    set_encoding(Encoding::json_pushes);
  }

  task<> prepare() override {
    const std::string first = get_argument("cf_connect", "");
    if (first.empty()) co_return;
    auto read = json::read_connect_request(first);
    if (!read) co_return send_error(400, sentence_of(read.error()));
    request_ = std::move(*read);
  }

  [[nodiscard]] std::optional<CompressionOptions> get_compression_options() const override {
    return settings().compression;
  }

  [[nodiscard]] std::chrono::milliseconds ping_interval() const override { return {}; }

  task<> open() override {
    co_await HandlerTransport::open();
    if (request_) co_await client().connect(*std::exchange(request_, std::nullopt));
  }

  task<> on_message(Message message) override {
    auto read = json::read_connect_request(message.data);
    if (!read) co_return client().refuse(read.error());
    co_await client().connect(std::move(*read));
  }

 private:
  [[nodiscard]] bool wants_pings() const override { return true; }

  std::optional<ConnectRequest> request_;  // of the URL
};

}  // namespace

std::vector<Route> one_way_routes(SharedSettings settings) {
  std::vector<Route> routes;
  routes.push_back(route<OneWayStream>("/connection/uni_sse", Framing::Kind::events, settings));
  routes.push_back(route<OneWayStream>("/connection/uni_http_stream", Framing::Kind::lines, settings));
  routes.push_back(route<OneWayWebSocket>("/connection/uni_websocket", settings));
  return routes;
}

}  // namespace coroom::detail::centrifuge
