// Sends each line of its input as a message, and prints the reply: client ws://localhost:8888/echo

#include <coroom/websocket_client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <iostream>

coroom::task<int> talk(std::string url) {
  coroom::Result<coroom::WebSocketClient> connected = co_await coroom::websocket_connect(std::move(url));
  if (!connected) {
    std::cerr << connected.error().message << '\n';
    co_return EXIT_FAILURE;
  }
  coroom::WebSocketClient& client = *connected;
  for (std::string line; std::getline(std::cin, line);) {
    co_await client.write_message(line);
    const std::optional<coroom::Message> answer = co_await client.read_message();
    if (!answer) break;
    std::cout << answer->data << '\n';
  }
  client.close();
  while (co_await client.read_message()) {
  }
  co_return client.close_code() == coroom::close_code::normal ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char** argv) {
  boost::asio::io_context context;
  auto status = boost::asio::co_spawn(context, talk(argc > 1 ? argv[1] : "ws://localhost:8888/echo"),
                                      boost::asio::use_future);
  context.run();
  return status.get();
}
