// An echo server and its client in one program. The exit status is 0 if a message was echoed.

#include <coroom/application.hpp>
#include <coroom/websocket_client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <iostream>

class EchoHandler : public coroom::WebSocketHandler {
  coroom::task<> on_message(coroom::Message message) override { co_await write_message(message); }
};

coroom::task<std::string> echo_of(std::string message, std::uint16_t port) {
  auto client = co_await coroom::websocket_connect("ws://127.0.0.1:" + std::to_string(port) + "/");
  if (!client) co_return client.error().message;
  co_await client->write_message(message);
  const auto answer = co_await client->read_message();
  co_return answer ? answer->data : "closed";
}

int main() {
  coroom::Application application({coroom::route<EchoHandler>("/")});
  if (const auto listening = application.listen(0); !listening) {
    std::cerr << listening.error().message << '\n';
    return EXIT_FAILURE;
  }
  application.start();
  boost::asio::io_context context(1);
  auto answer = boost::asio::co_spawn(context, echo_of("hello", application.endpoint().port()),
                                      boost::asio::use_future);
  context.run();
  application.stop();
  const std::string text = answer.get();
  std::cout << text << '\n';
  return text == "hello" ? EXIT_SUCCESS : EXIT_FAILURE;
}
