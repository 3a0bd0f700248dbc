#include "support/http_client.hpp"
#include "support/running_server.hpp"
#include "support/websocket_client.hpp"
#include "testkit/centrifuge_commands.hpp"
#include "testkit/chat_lines.hpp"
#include "testkit/codes.hpp"
#include "testkit/request_builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace coroom::test {
namespace {

using namespace testkit;

/// Applies the limits of addresses to loopback.
server::ServerConfig options_with_loopback_limits() {
  auto options = test_options();
  options.application.limits.unlimited_networks = {"192.0.2.1"};
  return options;
}

/// The field by which a trusted proxy names the address of a client.
std::string from(const char* address) {
  return "X-Forwarded-For: " + std::string(address) + "\r\n";
}

server::ServerConfig options_behind_a_proxy() {
  auto options = options_with_loopback_limits();
  options.application.trusted_proxies = {"127.0.0.1"};
  return options;
}

TEST(AddressLimit, RejectsConnectionsOverLimit) {
  auto options = options_with_loopback_limits();
  options.application.limits.max_address_connections = 2;
  RunningServer server(options);
  RawWebSocketClient one(server.port());
  EXPECT_EQ(one.read_event(), chat_line::joined);
  auto other = std::make_unique<RawWebSocketClient>(server.port());
  EXPECT_EQ(one.read_event(), chat_line::joined);

  const RawResponse refused = get(server.port(), "/");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.body, "Your address has too many connections. Try again later.\n");
  EXPECT_EQ(server.count(Counter::address_refused), 1);
  one.send_text("still here");
  EXPECT_EQ(one.read_event(), chat_line::said("still here"));

  other->leave();
  other.reset();
  EXPECT_TRUE(eventually([&] { return get(server.port(), "/health").status == 200; }));
}

TEST(AddressLimit, LimitsConnectionRate) {
  auto options = options_with_loopback_limits();
  options.application.limits.max_address_rate = 1;
  RunningServer server(options);
  RawWebSocketClient one(server.port());
  int refused = 0;
  for (int round = 0; round != 15; ++round) refused += get(server.port(), "/health").status == 429 ? 1 : 0;
  EXPECT_GE(refused, 3);
  EXPECT_EQ(server.count(Counter::address_refused), refused);
  EXPECT_EQ(one.read_event(), chat_line::joined);
}

TEST(AddressLimit, DropsConnectionsOnRepeatedViolation) {
  auto options = options_with_loopback_limits();
  options.application.limits.max_address_rate = 1;
  RunningServer server(options);
  EXPECT_TRUE(eventually([&] {
    TcpClient client(server.port());
    client.send(RequestBuilder("GET", "/health").field("Connection", "close"));
    return client.read_to_end().empty();
  }));
}

TEST(AddressLimit, CountsClientsBehindProxySeparately) {
  auto options = options_behind_a_proxy();
  options.application.limits.max_address_connections = 1;
  RunningServer server(options);
  RawWebSocketClient one(server.port(), "/chat?room=a", from("198.51.100.7"));
  EXPECT_EQ(one.read_event(), chat_line::joined);
  TcpClient again(server.port());
  again.send(upgrade_request(server.port(), "/chat", from("198.51.100.7")));
  EXPECT_EQ(read_response(again).status, 429);
  RawWebSocketClient other(server.port(), "/chat?room=b", from("198.51.100.8"));
  EXPECT_EQ(other.read_event(), chat_line::joined);
  RawWebSocketClient unlimited(server.port(), "/chat?room=c", from("192.0.2.1"));
  RawWebSocketClient more(server.port(), "/chat?room=c", from("192.0.2.1"));
  EXPECT_EQ(more.read_event(), chat_line::joined);

  one.leave();
  EXPECT_TRUE(eventually([&] {
    TcpClient next(server.port());
    next.send(upgrade_request(server.port(), "/chat", from("198.51.100.7")));
    return read_response(next).status == 101;
  }));
}

TEST(AddressLimit, LimitsMessageRateAcrossConnections) {
  auto options = options_behind_a_proxy();
  options.application.limits.address_rate_limit = {.messages = 10, .bytes = 0};
  RunningServer server(options);
  RawWebSocketClient bystander(server.port(), "/chat", from("198.51.100.8"));
  EXPECT_EQ(bystander.read_event(), chat_line::joined);
  int refused = 0;
  for (int connection = 0; connection != 2; ++connection) {
    EXPECT_EQ(refused, 0);
    RawWebSocketClient client(server.port(), "/chat?room=tea", from("198.51.100.7"));
    EXPECT_EQ(client.read_event(), chat_line::joined);
    for (int said = 0; said != 60; ++said) client.send_text("hello");
    for (int line = 0; line != 60; ++line) refused += client.read_event() == chat_line::too_fast ? 1 : 0;
    client.leave();
  }
  EXPECT_GE(refused, 1) << "a new connection has no budget of its own";
  EXPECT_EQ(server.count(Counter::messages_refused), refused);
  int rejected_requests = 0;
  for (int request = 0; request != 5; ++request)
    rejected_requests += get(server.port(), "/health", from("198.51.100.7")).status == 429 ? 1 : 0;
  EXPECT_GE(rejected_requests, 1) << "requests also count";
  EXPECT_EQ(get(server.port(), "/health", from("198.51.100.8")).status, 200);
  bystander.send_text("undisturbed");
  EXPECT_EQ(bystander.read_event(), chat_line::said("undisturbed"));
}

/// A request whose body of 200,000 bytes lacks the last byte.
std::string unfinished_request(const std::string& fields) {
  return RequestBuilder("POST", "/guest").fields(fields).field("Content-Length", "200000").bytes() +
         std::string(199'999, ' ');
}

TEST(AddressLimit, ChargesRequestBodyWhileItArrives) {
  auto options = options_behind_a_proxy();
  options.application.limits.address_rate_limit = {.messages = 0, .bytes = 5'000};
  RunningServer server(options);
  TcpClient client(server.port());
  client.send(unfinished_request(from("198.51.100.7")));
  EXPECT_EQ(read_response(client).status, 429);
  EXPECT_EQ(server.count(Counter::messages_refused), 1);
  EXPECT_EQ(get(server.port(), "/health", from("198.51.100.8")).status, 200);
}

TEST(AddressLimit, LimitsRoomsOpenedByAddress) {
  auto options = options_behind_a_proxy();
  options.application.limits.max_address_rooms = 1;
  RunningServer server(options);
  RawWebSocketClient one(server.port(), "/chat?room=a", from("198.51.100.7"));
  EXPECT_EQ(one.read_event(), chat_line::joined);
  RawWebSocketClient two(server.port(), "/chat?room=b", from("198.51.100.7"));
  EXPECT_EQ(two.read_close().close_code(), websocket_close::try_again_later);
  EXPECT_EQ(server.count(Counter::rooms_refused), 1);
  RawWebSocketClient other(server.port(), "/chat?room=b", from("198.51.100.8"));
  EXPECT_EQ(other.read_event(), chat_line::joined);
  RawWebSocketClient guest(server.port(), "/chat?room=b", from("198.51.100.7"));
  EXPECT_EQ(guest.read_event(), chat_line::joined) << "the room exists, opened by another address";

  one.leave();
  EXPECT_TRUE(eventually([&] {
    RawWebSocketClient again(server.port(), "/chat?room=c", from("198.51.100.7"));
    return again.read().opcode == opcode::text;
  }));
}

TEST(AddressLimit, IgnoresForwardedForInTrailer) {
  for (const std::string& trailer : {std::string(), from("6.6.6.6")}) {
    auto options = options_behind_a_proxy();
    options.application.limits.max_address_connections = 2;
    RunningServer server(options);
    RawWebSocketClient receiver(server.port(), "/chat", from("198.51.100.8"));
    EXPECT_EQ(receiver.read_event(), chat_line::joined);
    TcpClient stream(server.port());
    const RequestBuilder request = RequestBuilder("POST", "/connection/http_stream")
                                       .field("Transfer-Encoding", "chunked")
                                       .fields(from("198.51.100.7"));
    stream.send(request.bytes() + "3e\r\n" + join_commands("lobby") + "\r\n0\r\n" + trailer + "\r\n");
    EXPECT_EQ(receiver.read_event(), chat_line::joined) << trailer;
    // The limit counts the stream under the address in the proxy's field.
    RawWebSocketClient second(server.port(), "/chat", from("198.51.100.7"));
    const std::string third = upgrade_request(server.port(), "/chat", from("198.51.100.7"));
    EXPECT_EQ(ask(server.port(), third).status, 429) << trailer;
  }
}

}  // namespace
}  // namespace coroom::test
