// Sends back whatever comes: ws://localhost:8888/echo

#include <coroom/application.hpp>
#include <coroom/options.hpp>
#include <coroom/websocket_handler.hpp>

#include <cstddef>
#include <cstdint>
#include <iostream>

class EchoHandler : public coroom::WebSocketHandler {
  coroom::task<> on_message(coroom::Message message) override { co_await write_message(message); }
};

int main(int argc, char** argv) {
  coroom::Options options;
  const auto port = options.define<std::uint16_t>("port", 8888, "TCP port to listen on");
  const auto threads = options.define<std::size_t>("threads", 0, "to serve on; 0: one a core");
  options.parse_command_line_or_exit(argc, argv);

  coroom::Application application({coroom::route<EchoHandler>("/echo")}, {.threads = *threads});
  if (auto listening = application.listen(*port); !listening) {
    std::cerr << listening.error().message << '\n';
    return 1;
  }
  application.run();
}
