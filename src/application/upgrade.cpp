#include "application/upgrade.hpp"

#include "websocket/tcp_stream.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace coroom::application {
namespace {

/// 16 bytes in base64: 22 letters and two equals signs.
bool is_valid_key(std::string_view key) {
  constexpr std::size_t letters = 22;
  return key.size() == letters + 2 && key.ends_with("==") &&
         std::ranges::all_of(key.substr(0, letters), [](char letter) {
           return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
                  (letter >= '0' && letter <= '9') || letter == '+' || letter == '/';
         });
}

task<> run_session(boost::asio::ip::tcp::socket socket, net::Shard& shard, websocket::Handshake handshake,
                   Client client, std::shared_ptr<websocket::Handler> handler, websocket::Settings settings,
                   Counters& counters) {
  auto stream = websocket::make_tcp_stream(shard, std::move(socket), settings, handshake);
  handshake = {};
  const auto session = std::make_unique<websocket::Session>(
      std::move(stream),
      websocket::Session::Context{shard, counters, client.connection, std::move(client.address)});
  co_await session->run(*handler);
  handler.reset();  // before the session, which it may still know
}

}  // namespace

std::optional<http::Response> refuse_upgrade(const Request& request) {
  const Headers& headers = request.headers;
  if (!headers.has_token("Connection", "Upgrade") || !headers.has_token("Upgrade", "websocket")) {
    return http::text_response(400, "This address speaks WebSocket; the request asks for no upgrade to it.");
  }
  if (headers.get("Sec-WebSocket-Version") != "13") {
    http::Response response = http::text_response(426, "Only version 13 of WebSocket is spoken here.");
    response.headers.add("Upgrade", "websocket");
    response.headers.add("Sec-WebSocket-Version", "13");
    return response;
  }
  if (request.version < 11) return http::text_response(400, "WebSocket needs HTTP/1.1.");
  if (!is_valid_key(headers.get("Sec-WebSocket-Key").value_or(""))) {
    return http::text_response(400, "Sec-WebSocket-Key is missing or not 16 bytes in base64.");
  }
  return std::nullopt;
}

http::Reply upgrade(websocket::Handshake handshake, Client client,
                    std::shared_ptr<websocket::Handler> handler, const websocket::Settings& settings,
                    Counters& counters) {
  return http::Upgrade([handshake = std::move(handshake), client = std::move(client),
                        handler = std::move(handler), settings,
                        &counters](boost::asio::ip::tcp::socket socket, net::Shard& shard) mutable {
    // An upgrade happens once, and what it was made of should not stay.
    return run_session(std::move(socket), shard, std::move(handshake), std::move(client), std::move(handler),
                       settings, counters);
  });
}

}  // namespace coroom::application
