#include "support/conversation.hpp"
#include "support/running_server.hpp"
#include "support/websocket_client.hpp"
#include "testkit/chat_lines.hpp"
#include "testkit/codes.hpp"

#include <coroom/websocket_client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace coroom::test {
namespace {

using namespace boost::asio::experimental::awaitable_operators;
using namespace testkit;
using LibraryClient = coroom::WebSocketClient;

task<> echo(Peer& peer) {
  while (auto message = co_await peer.read()) co_await peer.write(std::move(*message));
}

/// Sends the text and expects its echo.
task<> expect_echo(LibraryClient& client, std::string text) {
  const auto written = co_await client.write_message(text);
  EXPECT_TRUE(written.has_value());
  const auto answer = co_await client.read_message();
  EXPECT_TRUE(answer && answer->data == text);
}

/// Writes fifty long messages that begin with the writer's letter and a number.
task<> write_numbered(LibraryClient& client, char writer) {
  for (int number = 0; number < 50; ++number) {
    std::string text = writer + std::to_string(number);
    text.resize(70'000, '.');
    EXPECT_TRUE((co_await client.write_message(text)).has_value());
  }
}

TEST(Client, SendsAndReceivesTextBinaryAndJson) {
  converse(echo, [](std::string url) -> task<> {
    auto client = co_await websocket_connect(url);
    EXPECT_TRUE(client.has_value());
    co_await expect_echo(*client, "你好");
    co_await expect_echo(*client, "");
    co_await expect_echo(*client, std::string(std::size_t{1} << 20, 'x'));
    Message binary(Message::Kind::binary, std::string("\xff\0\x80", 3));
    co_await client->write_message(binary);
    auto answer = co_await client->read_message();
    EXPECT_EQ(answer->kind, Message::Kind::binary);
    EXPECT_EQ(answer->data, binary.data);
    const boost::json::object object{{"a", 1}};
    co_await client->write_message(object);
    answer = co_await client->read_message();
    EXPECT_EQ(answer->data, R"({"a":1})");
    EXPECT_TRUE(client->close(3000, "done"));
    EXPECT_TRUE(client->close());
    EXPECT_FALSE((co_await client->read_message()).has_value());
    EXPECT_EQ(client->close_code(), 3000);
    EXPECT_FALSE((co_await client->write_message("late")).has_value());
    EXPECT_FALSE(client->ping().has_value());
  });
}

TEST(Client, CompressesMessages) {
  PeerOptions options;
  options.deflate = true;
  converse(
      [](Peer& peer) -> task<> {
        EXPECT_NE(peer.field("Sec-WebSocket-Extensions").find("permessage-deflate"), std::string::npos);
        co_await echo(peer);
      },
      [](std::string url) -> task<> {
        ConnectOptions wanted;
        wanted.compression = CompressionOptions(9, 9);
        auto client = co_await websocket_connect(url, wanted);
        co_await expect_echo(*client, std::string(100'000, 'z'));
      },
      options);
}

/// Returns random letters, then repetitions of one of them.
std::string compressible(std::size_t size) {
  std::minstd_rand chance(static_cast<unsigned>(size));
  std::string text(size, 'a');
  std::generate_n(text.begin(), 30 + size % 50, [&] { return static_cast<char>('a' + chance() % 8); });
  return text;
}

// Beast 1.81 fails after some messages that fill its buffers of 1536 bytes.
TEST(Client, InflatesMessagesOfAnyLength) {
  PeerOptions options;
  options.deflate = true;
  converse(
      [](Peer& peer) -> task<> {
        for (std::size_t size = 1500; size < 2000; ++size)
          co_await peer.write(Message(Message::Kind::text, compressible(size)));
        co_await only_read(peer);
      },
      [](std::string url) -> task<> {
        ConnectOptions wanted;
        wanted.compression = CompressionOptions();
        auto client = co_await websocket_connect(url, wanted);
        for (std::size_t size = 1500; size < 2000; ++size) {
          const auto message = co_await client->read_message();
          EXPECT_TRUE(message && message->data == compressible(size)) << size;
          if (!message) break;
        }
      },
      options);
}

TEST(Client, SendsHeadersAndSelectsSubprotocol) {
  PeerOptions options;
  options.subprotocol = "chat.v2";
  converse(
      [](Peer& peer) -> task<> {
        EXPECT_EQ(peer.field("Sec-WebSocket-Protocol"), "chat.v1, chat.v2");
        EXPECT_EQ(peer.field("Cookie"), "a=b");
        co_await only_read(peer);
      },
      [](std::string url) -> task<> {
        ConnectOptions wanted;
        wanted.subprotocols = {"chat.v1", "chat.v2"};
        wanted.headers = {{"Cookie", "a=b"}};
        auto client = co_await websocket_connect(url, wanted);
        EXPECT_EQ(client->selected_subprotocol(), "chat.v2");
      },
      options);
}

TEST(Client, JoinsFragments) {
  converse(
      [](Peer& peer) -> task<> {
        co_await peer.write_part("one \xe8\x81", false);
        co_await peer.ping("between");
        co_await peer.write_part("\x8a two", true);
        co_await only_read(peer);
        EXPECT_EQ(peer.pongs(), std::vector<std::string>{"between"});
      },
      [](std::string url) -> task<> {
        auto client = co_await websocket_connect(url);
        const auto message = co_await client->read_message();
        EXPECT_EQ(message->data, "one 聊 two");
        EXPECT_TRUE(client->close());
        EXPECT_FALSE((co_await client->read_message()).has_value());
      });
}

TEST(Client, ReportsCloseCodeOfServer) {
  converse([](Peer& peer) -> task<> { co_await peer.close(Disconnect(4001, "so long")); },
           [](std::string url) -> task<> {
             auto client = co_await websocket_connect(url);
             EXPECT_EQ(client->close_code(), std::nullopt);
             EXPECT_FALSE((co_await client->read_message()).has_value());
             EXPECT_EQ(client->close_code(), 4001);
             EXPECT_EQ(client->close_reason(), "so long");
           });
}

TEST(Client, SendsCloseCodeAndReason) {
  converse(
      [](Peer& peer) -> task<> {
        co_await only_read(peer);
        EXPECT_EQ(peer.pings(), std::vector<std::string>{"are you there"});
        EXPECT_EQ(peer.end().code, 4002);
        EXPECT_EQ(peer.end().reason, "enough");
      },
      [](std::string url) -> task<> {
        auto client = co_await websocket_connect(url);
        EXPECT_TRUE(client->ping("are you there"));
        EXPECT_TRUE(client->close(4002, "enough"));
        EXPECT_FALSE((co_await client->read_message()).has_value());
      });
}

TEST(Client, KeepsOrderOfConcurrentWriters) {
  converse(
      [](Peer& peer) -> task<> {
        std::map<char, int> last{{'a', -1}, {'b', -1}, {'c', -1}, {'d', -1}};
        for (int count = 0; count < 4 * 50; ++count) {
          const auto message = co_await peer.read();
          EXPECT_EQ(message->data.size(), 70'000);
          const int number = std::stoi(message->data.substr(1));
          EXPECT_EQ(number, last[message->data.front()] + 1);
          last[message->data.front()] = number;
        }
        co_await peer.close(Disconnect(1000));
      },
      [](std::string url) -> task<> {
        auto client = co_await websocket_connect(url);
        co_await (write_numbered(*client, 'a') && write_numbered(*client, 'b') &&
                  write_numbered(*client, 'c') && write_numbered(*client, 'd'));
        EXPECT_FALSE((co_await client->read_message()).has_value());
      });
}

TEST(Client, CallsOnMessagePerMessageAndAtEnd) {
  converse(
      [](Peer& peer) -> task<> {
        co_await peer.write(Message(Message::Kind::text, "one"));
        co_await peer.write(Message(Message::Kind::text, "two"));
        co_await peer.close(Disconnect(1000));
      },
      [](std::string url) -> task<> {
        boost::asio::steady_timer ended(co_await boost::asio::this_coro::executor,
                                        boost::asio::steady_timer::time_point::max());
        std::vector<std::string> received;
        ConnectOptions wanted;
        wanted.on_message = [&](const std::optional<Message>& message) {
          received.push_back(message ? message->data : "(end)");
          if (!message) ended.cancel();
        };
        auto client = co_await websocket_connect(url, wanted);
        co_await ended.async_wait(as_result);
        EXPECT_EQ(received, (std::vector<std::string>{"one", "two", "(end)"}));
      });
}

TEST(Client, StaysOpenWhilePingsAreAnswered) {
  converse(
      [](Peer& peer) -> task<> {
        while (co_await peer.read()) {
          co_await peer.write(Message(Message::Kind::text, std::to_string(peer.pings().size())));
        }
      },
      [](std::string url) -> task<> {
        ConnectOptions wanted;
        wanted.ping_interval = std::chrono::milliseconds(10);
        wanted.ping_timeout = std::chrono::seconds(10);
        auto client = co_await websocket_connect(url, wanted);
        int pings = 0;
        while (pings < 3) {
          EXPECT_TRUE((co_await client->write_message("how many pings?")).has_value());
          pings = std::stoi((co_await client->read_message()).value().data);
        }
        EXPECT_EQ(client->close_code(), std::nullopt);
        EXPECT_TRUE(client->close());
        EXPECT_FALSE((co_await client->read_message()).has_value());
        EXPECT_EQ(client->close_code(), websocket_close::normal);
      });
}

TEST(Client, ChatsInRoomOfServer) {
  RunningServer server;
  boost::asio::io_context io(1);
  const auto talk = [](std::string url) -> task<> {
    auto client = co_await websocket_connect(url);
    auto line = co_await client->read_message();
    EXPECT_EQ(event_of(line->data), chat_line::joined);
    co_await client->write_message("你好");
    line = co_await client->read_message();
    EXPECT_EQ(event_of(line->data), chat_line::said("你好"));
    EXPECT_TRUE(client->close());
    EXPECT_FALSE((co_await client->read_message()).has_value());
    EXPECT_EQ(client->close_code(), websocket_close::normal);
  };
  boost::asio::co_spawn(io, talk("ws://127.0.0.1:" + std::to_string(server.port()) + "/chat"),
                        [](const std::exception_ptr& failure) { EXPECT_FALSE(failure); });
  io.run_for(std::chrono::seconds(20));
  EXPECT_TRUE(io.stopped());
}

}  // namespace
}  // namespace coroom::test
