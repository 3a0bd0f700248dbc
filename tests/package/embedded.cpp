// A program with an io_context of its own, and no thread: a server that speaks to a room every few
// milliseconds, its client, and the end of both. Then the same with the context on a second thread. It ends
// with status 0 if a message came, and if the second thread took what it was given.

#include <coroom/application.hpp>
#include <coroom/websocket_client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>

class MemberHandler : public coroom::WebSocketHandler {
  coroom::task<> open() override { membership_ = (co_await application().room("news").join(*this)).value(); }
  coroom::task<> on_message(coroom::Message /*message*/) override { co_return; }

  coroom::Membership membership_;
};

coroom::task<> tell(coroom::Application& application) {
  co_await application.room("news").publish("hello");
}

coroom::task<> listen_once(coroom::Application& application, std::string& heard) {
  auto client =
      co_await coroom::websocket_connect("ws://127.0.0.1:" + std::to_string(application.endpoint().port()));
  if (client) {
    const auto message = co_await client->read_message();
    if (message) heard = message->data;
  } else {
    std::cerr << client.error().message << '\n';
  }
  co_await application.async_stop();
}

/// Returns what a client in the room heard.
std::string on_one_thread() {
  boost::asio::io_context context(1);
  coroom::Application application({coroom::route<MemberHandler>("/")}, {}, context.get_executor());
  if (const auto listening = application.listen(0); !listening) return listening.error().message;
  application.every(std::chrono::milliseconds(5), [&application] { return tell(application); });
  std::string heard;
  boost::asio::co_spawn(context, listen_once(application, heard), boost::asio::detached);
  context.run();
  return heard;
}

/// Returns whether the room took a message of this thread.
bool beside_a_main_loop() {
  boost::asio::io_context context(1);
  coroom::Application application({coroom::route<MemberHandler>("/")}, {}, context.get_executor());
  if (!application.listen(0)) return false;
  std::thread server([&context] { context.run(); });
  const coroom::Room news = application.room("news");
  const auto sent = boost::asio::co_spawn(context, news.publish("hello"), boost::asio::use_future).get();
  news.post("hello again");
  application.stop();
  server.join();
  return sent.has_value();
}

int main() {
  const std::string heard = on_one_thread();
  std::cout << heard << '\n';
  return heard == "hello" && beside_a_main_loop() ? EXIT_SUCCESS : EXIT_FAILURE;
}
