#pragma once

#include "support/websocket_client.hpp"
#include "testkit/centrifuge_commands.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace coroom::test {

/// A client of the Centrifuge protocol that can also break its rules. What it sends is JSON as text.
class CentrifugeClient {
 public:
  explicit CentrifugeClient(std::uint16_t port, std::string_view target = "/connection/websocket",
                            std::string_view fields = "",
                            const TcpClient::TcpOptions& settings = TcpClient::TcpOptions{});

  /// `{"id":…,"METHOD":REQUEST}`; gives the id.
  std::uint32_t send(std::string_view method, std::string_view request = "{}");

  /// Sends it and reads on to its reply: the method's object, or the error's under "error". What comes before
  /// it is kept for read().
  boost::json::object call(std::string_view method, std::string_view request = "{}");

  /// Connects without a token, or with this one; gives the result.
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

  /// The next line that is no ping.
  boost::json::object read();

  /// The next push of a channel: its type's object, with the type under "type" and the channel's name under
  /// "channel". Throws at anything else.
  boost::json::object read_push();

  RawWebSocketClient& socket() { return socket_; }

 private:
  boost::json::object next_line();

  RawWebSocketClient socket_;
  std::uint32_t last_id_ = 0;
  std::deque<std::string> lines_;            // of a frame, not read yet
  std::deque<boost::json::object> skipped_;  // while a reply was waited for
};

/// The code of a reply that is an error; 0 of any other.
int error_of(const boost::json::object& reply);

}  // namespace coroom::test
