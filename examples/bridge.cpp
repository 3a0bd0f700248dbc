// A bridge that connects each client to another WebSocket server. It forwards messages, the subprotocol and
// close codes in both directions. A side that reads slowly slows down the other one.
//   coroom-example-bridge --to wss://chat.example.org/socket [--port N]
// A WebSocket client at ws://localhost:8895/ then communicates with that server.

#include <coroom/application.hpp>
#include <coroom/option_parser.hpp>
#include <coroom/websocket_client.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

/// The server behind the bridge.
struct Target {
  std::string url;
  std::string ca_file;
};

class BridgeHandler : public coroom::WebSocketHandler {
 public:
  explicit BridgeHandler(Target target) : target_(std::move(target)) {}

 private:
  /// Runs before the handshake: if the server is unreachable, the client gets status 502.
  coroom::task<> prepare() override {
    coroom::ConnectOptions options;
    options.headers = {{"X-Forwarded-For", request().remote_ip.to_string()}};
    options.subprotocols = request().headers.tokens("Sec-WebSocket-Protocol");
    options.max_message_size = max_message_size();
    options.tls.ca_file = target_.ca_file;
    auto connected = co_await coroom::websocket_connect(target_.url, options);
    if (!connected) {
      std::cerr << connected.error().message << std::endl;
      throw coroom::HttpError(502, "The bridge cannot reach the server behind it.");
    }
    server_.emplace(std::move(*connected));
  }

  std::optional<std::string> select_subprotocol(const std::vector<std::string>& /*offered*/) override {
    if (server_->selected_subprotocol().empty()) return std::nullopt;
    return server_->selected_subprotocol();
  }

  coroom::task<> open() override {
    spawn(bring_back());
    co_return;
  }

  /// The next message is read once the server's socket has accepted this one.
  coroom::task<> on_message(coroom::Message message) override {
    co_await server_->write_message(std::move(message));
  }

  /// Runs in parallel to on_message(), and ends before on_close() is called.
  coroom::task<> bring_back() {
    while (const std::optional<coroom::Message> message = co_await server_->read_message())
      co_await write_message(*message);
    const auto code = server_->close_code();
    if (!code || !close(*code, server_->close_reason()))
      close(coroom::close_code::going_away, "the server behind the bridge closed the connection");
  }

  coroom::task<> on_close() override {
    std::uint16_t code = close_code().value();
    if (code == coroom::close_code::no_status) code = coroom::close_code::normal;
    if (!server_->close(code, close_reason())) co_return;  // a lost client: the server loses it, too
    while (co_await server_->read_message()) {             // until the server has answered
    }
  }

  std::size_t max_message_size() const override { return std::size_t{1} << 20; }

  /// No limit: the server sets the pace.
  coroom::RateLimit rate_limit() const override { return {.messages = 0, .bytes = 0}; }

  Target target_;
  std::optional<coroom::WebSocketClient> server_;
};

int main(int argc, char** argv) {
  coroom::OptionParser options;
  const auto port = options.define<std::uint16_t>("port", 8895, "TCP port to listen on; 0 picks a free port");
  const auto to =
      options.define<std::string>("to", "ws://localhost:8888/echo", "URL of the server behind the bridge");
  const auto ca = options.define<std::string>("ca", "", "additional trusted authorities, in PEM");
  options.parse_command_line_or_exit(argc, argv);

  coroom::Application application({coroom::route<BridgeHandler>("/", Target{*to, *ca})});
  if (auto listening = application.listen(*port); !listening) {
    std::cerr << listening.error().message << '\n';
    return EXIT_FAILURE;
  }
  application.run([&] {
    std::cout << "ws://localhost:" << application.endpoint().port() << "/ to " << *to << std::endl;
  });
}
