#pragma once

#include "support/websocket_client.hpp"
#include "testkit/centrifuge_commands.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace coroom::test {

/// A client of the Centrifuge protocol, with JSON in text frames, that can break its rules.
class CentrifugeClient {
 public:
  explicit CentrifugeClient(std::uint16_t port, std::string_view target = "/connection/websocket",
                            std::string_view fields = "",
                            const TcpClient::TcpOptions& settings = TcpClient::TcpOptions{});

  /// Sends `{"id":…,"METHOD":REQUEST}`, and returns the id.
  std::uint32_t send(std::string_view method, std::string_view request = "{}");

  /// Sends a command, and returns its result, or its whole reply if that is an error. Lines before the reply
  /// are kept for read().
  boost::json::object call(std::string_view method, std::string_view request = "{}");

  /// Connects without a token, or with this one, and returns the result.
  ///@{
  boost::json::object connect() { return call("connect"); }
  boost::json::object connect(std::string_view token) {
    return call("connect", testkit::token_request(token));
  }
  ///@}

  /// call() of the method with that name. `more` holds further members of the request, such as `"limit":-1`.
  ///@{
  boost::json::object subscribe(std::string_view room, std::string_view more = "") {
    return call("subscribe", testkit::channel_request(room, more));
  }
  boost::json::object unsubscribe(std::string_view room) {
    return call("unsubscribe", testkit::channel_request(room));
  }
  boost::json::object publish(std::string_view room, std::string_view data) {
    return call("publish", testkit::publish_request(room, data));
  }
  boost::json::object history(std::string_view room, std::string_view more = "") {
    return call("history", testkit::channel_request(room, more));
  }
  boost::json::object presence(std::string_view room) {
    return call("presence", testkit::channel_request(room));
  }
  boost::json::object presence_stats(std::string_view room) {
    return call("presence_stats", testkit::channel_request(room));
  }
  ///@}

  /// Returns the next line that is no ping.
  boost::json::object read();

  /// Returns the object of the next push, with its type as "type" and the name of the channel as "channel".
  /// Throws on another line.
  boost::json::object read_push();

  RawWebSocketClient& socket() { return socket_; }

 private:
  boost::json::object next_line();

  RawWebSocketClient socket_;
  std::uint32_t last_id_ = 0;
  std::deque<std::string> lines_;            // unread lines of a frame
  std::deque<boost::json::object> skipped_;  // lines before a reply
};

/// Returns the code of an error reply, else 0.
int error_of(const boost::json::object& reply);

}  // namespace coroom::test
