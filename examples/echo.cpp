// Sends every message back: ws://localhost:8888/echo

#include <coroom/application.hpp>

class EchoHandler : public coroom::WebSocketHandler {
  coroom::task<> on_message(coroom::Message message) override { co_await write_message(message); }
};

int main() {
  coroom::Application application({coroom::route<EchoHandler>("/echo")});
  if (!application.listen(8888)) return 1;
  application.run();
}
