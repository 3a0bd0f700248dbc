// The conversation as coroom's own client has it: client [--echo] URL. Each step is a line of JSON.

#include <coroom/websocket_client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <iostream>
#include <openssl/evp.h>
#include <stdexcept>

namespace {

using coroom::ConnectOptions;
using coroom::Message;
using coroom::task;
using coroom::WebSocketClient;

void tell(const std::string& step, boost::json::object facts) {
  facts["step"] = step;
  std::cout << boost::json::serialize(facts) << std::endl;
}

std::string sha256(const std::string& data) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(data.data(), data.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::string text;
  for (unsigned index = 0; index != size; ++index) {
    constexpr std::string_view digits = "0123456789abcdef";
    text += digits[digest.at(index) >> 4U];
    text += digits[digest.at(index) & 15U];
  }
  return text;
}

task<WebSocketClient> connect(std::string url, ConnectOptions options = {}) {
  options.max_message_size = 2 << 20;
  auto connected = co_await coroom::websocket_connect(std::move(url), std::move(options));
  if (!connected) throw std::runtime_error(connected.error().message);
  co_return std::move(*connected);
}

task<boost::json::object> answer(WebSocketClient& client) {
  const auto message = co_await client.read_message();
  if (!message) throw std::runtime_error("closed: " + client.close_reason());
  co_return boost::json::object({{"kind", message->kind == Message::Kind::text ? "text" : "binary"},
                                 {"size", message->data.size()},
                                 {"digest", sha256(message->data)}});
}

task<boost::json::object> ended(WebSocketClient& client) {
  while (co_await client.read_message()) {
  }
  co_return boost::json::object(
      {{"code", client.close_code().value_or(1005)}, {"reason", client.close_reason()}});
}

std::string long_text() {
  constexpr std::size_t size = 1024 * 1024;
  std::string text;
  while (text.size() < size) text += "a line that comes again and again\n";
  return text.substr(0, size);
}

task<> echoes(WebSocketClient& client, std::string prefix) {
  const std::pair<std::string, Message> steps[] = {
      {"text", Message(Message::Kind::text, "hello 你好")},
      {"binary", Message(Message::Kind::binary, std::string("\x00\xff\x01", 3))},
      {"empty", Message()},
      {"long text", Message(Message::Kind::text, long_text())},
      {"long binary", Message(Message::Kind::binary, long_text())},
  };
  for (const auto& [step, message] : steps) {
    co_await client.write_message(message);
    tell(prefix + step, co_await answer(client));
  }
}

task<> converse(std::string base, bool echo_alone) {
  WebSocketClient plain = co_await connect(base + "/echo");
  co_await echoes(plain, "");
  plain.close(4000, "bye");
  co_await ended(plain);
  tell("close by the client", {{"code", plain.close_code().value_or(1005)}});

  ConnectOptions compressing;
  compressing.compression.emplace();
  WebSocketClient squeezed = co_await connect(base + "/echo", compressing);
  co_await echoes(squeezed, "compressed ");
  squeezed.close();
  co_await ended(squeezed);

  if (echo_alone) co_return;  // the server can do no more

  ConnectOptions choosing;
  choosing.subprotocols = {"first", "second"};
  WebSocketClient chooser = co_await connect(base + "/echo", choosing);
  tell("subprotocol", {{"chosen", chooser.selected_subprotocol()}});

  WebSocketClient fragments = co_await connect(base + "/fragments");
  co_await fragments.write_message("fragment");
  tell("fragments", co_await answer(fragments));

  WebSocketClient closed = co_await connect(base + "/close");
  co_await closed.write_message("4001 as asked");
  tell("close by the server", co_await ended(closed));
}

}  // namespace

int main(int argc, char** argv) {
  boost::asio::io_context context(1);
  const bool echo_alone = argc > 2 && std::string_view(argv[1]) == "--echo";
  auto done = boost::asio::co_spawn(context, converse(argv[argc - 1], echo_alone), boost::asio::use_future);
  context.run();
  try {
    done.get();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
