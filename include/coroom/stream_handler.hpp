#pragma once

#include <coroom/connection_handle.hpp>
#include <coroom/connection_handler.hpp>
#include <coroom/disconnect.hpp>
#include <coroom/error.hpp>
#include <coroom/framing.hpp>
#include <coroom/message.hpp>

#include <string>

namespace coroom {

/// One stream to a client that cannot use a WebSocket. The messages of the server are the body of one
/// response that does not end, as server-sent events (HTML, section 9.2), as lines, or as bytes. The client
/// sends its messages by separate requests; their handler passes each on by receive().
///
/// Everything else is as with a WebSocket: sequential calls, rooms, the limits of slow consumers, and
/// on_close(). prepare() may reject the request, and may set the fields of the response. The body of the
/// request is available until prepare() has ended.
class StreamHandler : public ConnectionHandler {
 public:
  /// Returns the format of the body: any but Framing::Kind::websocket.
  [[nodiscard]] virtual Framing::Kind framing() const = 0;

  /// Returns the last message that the client gets when the server ends the stream. It replaces the close
  /// frame, which streams do not have. Empty: no message.
  [[nodiscard]] virtual std::string farewell(const Disconnect& /*why*/) const { return {}; }

  /// Passes a message of the client to the stream's handler, after all earlier messages. Any thread.
  ///
  /// A message that is longer than max_message_size() ends the stream with 1009. So does a message that makes
  /// the waiting messages exceed ResourceLimits::queue_limit, address_queue_limit or total_queue_limit.
  ///
  /// Errors: the stream has ended.
  static Result<> receive(const ConnectionHandle& stream, Message message);
};

}  // namespace coroom
