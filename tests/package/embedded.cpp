// A program with an io_context of its own and one thread: a server that publishes to a room every few
// milliseconds, and its client. Then a server whose context runs on a second thread. The exit status is 0 if
// the client has received a message and the room has accepted one from the other thread.

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

coroom::task<> announce(coroom::Application& application) {
  co_await application.room("news").publish("hello");
}

coroom::task<> listen_once(coroom::Application& application, std::string& received) {
  auto client =
      co_await coroom::websocket_connect("ws://127.0.0.1:" + std::to_string(application.endpoint().port()));
  if (client) {
    const auto message = co_await client->read_message();
    if (message) received = message->data;
  } else {
    std::cerr << client.error().message << '\n';
  }
  co_await application.async_stop();
}

/// Returns the message that a client in the room has received.
std::string receive_on_one_thread() {
  boost::asio::io_context context(1);
  coroom::Application application({coroom::route<MemberHandler>("/")}, {}, context.get_executor());
  if (const auto listening = application.listen(0); !listening) return listening.error().message;
  application.every(std::chrono::milliseconds(5), [&application] { return announce(application); });
  std::string received;
  boost::asio::co_spawn(context, listen_once(application, received), boost::asio::detached);
  context.run();
  return received;
}

/// Returns whether the room accepted a message of this thread.
bool publish_from_another_thread() {
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
  const std::string received = receive_on_one_thread();
  std::cout << received << '\n';
  return received == "hello" && publish_from_another_thread() ? EXIT_SUCCESS : EXIT_FAILURE;
}
