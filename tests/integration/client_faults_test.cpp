#include "core/async_event.hpp"
#include "support/conversation.hpp"
#include "testkit/codes.hpp"

#include <coroom/websocket_client.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace coroom::test {
namespace {

using namespace testkit;
using boost::asio::ip::tcp;
using testing::HasSubstr;

/// A server that accepts the upgrade and then sends nothing.
task<> silent(tcp::socket socket) {
  const auto peer = make_peer(std::move(socket), PeerOptions());
  co_await peer->accept();
  co_await peer->wait_for_end();
}

TEST(ClientFaults, RejectsInvalidFramesWithoutSending) {
  converse(
      [](Peer& peer) -> task<> {
        const auto first = co_await peer.read();
        EXPECT_TRUE(first && first->data == "first");
        co_await only_read(peer);
        EXPECT_EQ(peer.end().code, websocket_close::normal);
      },
      [](std::string url) -> task<> {
        auto client = co_await websocket_connect(url);
        EXPECT_FALSE((co_await client->write_message("\xff")).has_value());
        for (const int code : {0, 999, 1004, 1005, 1006, 1015, 2999, 5000}) {
          EXPECT_FALSE(client->close(static_cast<std::uint16_t>(code)).has_value()) << code;
        }
        EXPECT_FALSE(client->close(1000, std::string(124, 'r')).has_value());
        EXPECT_FALSE(client->close(1000, "\xff").has_value());
        EXPECT_FALSE(client->ping(std::string(126, 'p')).has_value());
        EXPECT_TRUE((co_await client->write_message("first")).has_value());
        EXPECT_TRUE(client->close(1000, std::string(123, 'r')).has_value());
        EXPECT_FALSE((co_await client->read_message()).has_value());
      });
}

TEST(ClientFaults, ClosesWith1009OnTooBigMessage) {
  converse(
      [](Peer& peer) -> task<> {
        co_await peer.write(Message(Message::Kind::text, std::string(1001, 'x')));
        co_await only_read(peer);
        EXPECT_EQ(peer.end().code, websocket_close::too_big);
      },
      [](std::string url) -> task<> {
        ConnectOptions wanted;
        wanted.max_message_size = 1000;
        auto client = co_await websocket_connect(url, wanted);
        EXPECT_FALSE((co_await client->read_message()).has_value());
        EXPECT_EQ(client->close_code(), websocket_close::too_big);
      });
}

TEST(ClientFaults, ReportsNoCodeAfterReset) {
  converse(
      [](Peer& peer) -> task<> {
        co_await peer.write_raw("\x81\x7dhalf of it");
        co_await peer.read();
        peer.reset();
      },
      [](std::string url) -> task<> {
        auto client = co_await websocket_connect(url);
        co_await client->write_message("go");
        EXPECT_FALSE((co_await client->read_message()).has_value());
        EXPECT_EQ(client->close_code(), std::nullopt);
        EXPECT_FALSE((co_await client->write_message("late")).has_value());
      });
}

TEST(ClientFaults, EndsWhenPingIsNotAnswered) {
  converse_raw(silent, [](std::string url) -> task<> {
    ConnectOptions wanted;
    wanted.ping_interval = std::chrono::milliseconds(20);
    auto client = co_await websocket_connect(url, wanted);
    EXPECT_FALSE((co_await client->read_message()).has_value());
    EXPECT_EQ(client->close_code(), std::nullopt);
    EXPECT_EQ(client->close_reason(), "no answer to a ping");
  });
}

TEST(ClientFaults, TimesOutWithoutUpgradeResponse) {
  converse_raw(
      [](tcp::socket socket) -> task<> {
        std::array<char, 4096> bytes{};
        while (true) {
          auto [ec, size] = co_await socket.async_read_some(boost::asio::buffer(bytes), as_result);
          if (ec) co_return;
        }
      },
      [](std::string url) -> task<> {
        ConnectOptions wanted;
        wanted.connect_timeout = std::chrono::milliseconds(50);
        const auto client = co_await websocket_connect(url, wanted);
        EXPECT_FALSE(client.has_value());
        EXPECT_THAT(client.error().message, HasSubstr("no connection within 50 ms"));
      });
}

TEST(ClientFaults, NamesStatusOtherThan101) {
  converse_raw(
      [](tcp::socket socket) -> task<> {
        std::array<char, 4096> bytes{};
        co_await socket.async_read_some(boost::asio::buffer(bytes), as_result);
        const std::string answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
        co_await boost::asio::async_write(socket, boost::asio::buffer(answer), as_result);
      },
      [](std::string url) -> task<> {
        const auto client = co_await websocket_connect(url);
        EXPECT_FALSE(client.has_value());
        EXPECT_THAT(client.error().message, HasSubstr("ws://localhost:"));
        EXPECT_THAT(client.error().message, HasSubstr("404 Not Found"));
      });
}

TEST(ClientFaults, RejectsSubprotocolThatWasNotOffered) {
  PeerOptions options;
  options.subprotocol = "unasked";
  converse(
      only_read,
      [](std::string url) -> task<> {
        const auto client = co_await websocket_connect(url);
        EXPECT_FALSE(client.has_value());
        EXPECT_THAT(client.error().message, HasSubstr("'unasked'"));
      },
      options);
}

TEST(ClientFaults, NamesInvalidArguments) {
  converse_raw([](tcp::socket) -> task<> { co_return; },
               [](std::string url) -> task<> {
                 const auto not_a_url = co_await websocket_connect("http://localhost/");
                 EXPECT_FALSE(not_a_url.has_value());
                 ConnectOptions split;
                 split.headers = {{"X", "a\r\nY: b"}};
                 const auto smuggled = co_await websocket_connect(url, split);
                 EXPECT_FALSE(smuggled.has_value());
                 const auto refused = co_await websocket_connect("ws://127.0.0.1:1/");
                 EXPECT_FALSE(refused.has_value());
                 EXPECT_THAT(refused.error().message, HasSubstr("127.0.0.1:1/: cannot connect"));
                 const auto unknown_host = co_await websocket_connect("ws://nobody.invalid/");
                 EXPECT_FALSE(unknown_host.has_value());
                 EXPECT_THAT(unknown_host.error().message, HasSubstr("nobody.invalid"));
               });
}

TEST(ClientFaults, DisconnectsWithoutCloseResponse) {
  converse_raw(silent, [](std::string url) -> task<> {
    ConnectOptions wanted;
    wanted.close_timeout = std::chrono::milliseconds(20);
    auto client = co_await websocket_connect(url, wanted);
    EXPECT_TRUE(client->close());
    EXPECT_TRUE(client->close());
    EXPECT_FALSE((co_await client->write_message("late")).has_value());
    EXPECT_FALSE((co_await client->read_message()).has_value());
    EXPECT_EQ(client->close_code(), std::nullopt);
  });
}

TEST(ClientFaults, ClosesWith1011WhenOnMessageThrows) {
  converse(
      [](Peer& peer) -> task<> {
        co_await peer.write(Message(Message::Kind::text, "one"));
        co_await only_read(peer);
        EXPECT_EQ(peer.end().code, websocket_close::internal_error);
      },
      [](std::string url) -> task<> {
        detail::AsyncEvent ended;
        bool over = false;
        ConnectOptions wanted;
        wanted.on_message = [&](const std::optional<Message>& message) {
          if (message) throw std::runtime_error("a fault of the program");
          over = true;
          ended.notify();
        };
        auto client = co_await websocket_connect(url, wanted);
        while (!over) co_await ended.wait();
        EXPECT_EQ(client->close_code(), websocket_close::internal_error);
      });
}

TEST(ClientFaults, AllowsDestructionInOnMessage) {
  converse(
      [](Peer& peer) -> task<> {
        co_await peer.write(Message(Message::Kind::text, "one"));
        co_await peer.write(Message(Message::Kind::text, "two"));
        co_await only_read(peer);
      },
      [](std::string url) -> task<> {
        detail::AsyncEvent destroyed;
        std::optional<WebSocketClient> client;
        std::vector<std::string> received;
        ConnectOptions wanted;
        wanted.on_message = [&](const std::optional<Message>& message) {
          received.push_back(message ? message->data : "(end)");
          client.reset();
          destroyed.notify();
        };
        auto connected = co_await websocket_connect(url, wanted);
        client = std::move(*connected);
        while (client) co_await destroyed.wait();
        EXPECT_EQ(received, std::vector<std::string>{"one"});
      });
}

TEST(ClientFaults, ClosesSocketOnDestruction) {
  converse([](Peer& peer) -> task<> { EXPECT_FALSE((co_await peer.read()).has_value()); },
           [](std::string url) -> task<> {
             ConnectOptions wanted;
             wanted.ping_interval = std::chrono::seconds(100);
             auto client = co_await websocket_connect(url, wanted);
             EXPECT_TRUE(client.has_value());
           });
}

}  // namespace
}  // namespace coroom::test
