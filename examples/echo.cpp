// Sends back whatever comes: ws://localhost:8888/echo

#include <coroom/application.hpp>
#include <coroom/websocket_handler.hpp>

#include <iostream>

class EchoHandler : public coroom::WebSocketHandler {
  coroom::task<> on_message(coroom::Message message) override { co_await write_message(message); }
};

int main() {
  coroom::Application application({coroom::route<EchoHandler>("/echo")});
  if (auto listening = application.listen(8888); !listening) {
    std::cerr << listening.error().message << '\n';
    return 1;
  }
  application.run();
}
