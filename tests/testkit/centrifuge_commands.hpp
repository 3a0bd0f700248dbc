#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Commands of the Centrifuge protocol as JSON. Rooms, tokens and data are inserted as they are, without
// escapes.

namespace coroom::testkit {

/// `{"channel":"ROOM"}`, the request of most methods. `more` holds further members, such as `"limit":-1`.
inline std::string channel_request(std::string_view room, std::string_view more = {}) {
  return R"({"channel":")" + std::string(room) + '"' + (more.empty() ? "" : ",") + std::string(more) + '}';
}

/// `{"channel":"ROOM","data":DATA}`, the request of publish.
inline std::string publish_request(std::string_view room, std::string_view data) {
  return channel_request(room, R"("data":)" + std::string(data));
}

/// `{"token":"TOKEN"}`, the request of connect and refresh.
inline std::string token_request(std::string_view token) {
  return R"({"token":")" + std::string(token) + "\"}";
}

/// `{"id":ID,"METHOD":REQUEST}`.
inline std::string command(std::uint64_t id, std::string_view method, std::string_view request = "{}") {
  return R"({"id":)" + std::to_string(id) + ",\"" + std::string(method) + "\":" + std::string(request) + '}';
}

/// Two lines: connect with the id 1, subscribe to the room with the id 2.
inline std::string join_commands(std::string_view room, std::string_view more = {}) {
  return command(1, "connect") + '\n' + command(2, "subscribe", channel_request(room, more));
}

}  // namespace coroom::testkit
