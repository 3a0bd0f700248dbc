#pragma once

#include <coroom/connection_handle.hpp>
#include <coroom/disconnect.hpp>
#include <coroom/error.hpp>
#include <coroom/framing.hpp>
#include <coroom/message.hpp>
#include <coroom/websocket_handler.hpp>

#include <string>

namespace coroom {

/// A WebSocketHandler for clients that can't have a WebSocket: what it sends goes on and on as the body of
/// the answer to one request, as server-sent events (HTML, section 9.2) or as lines, and what the client says
/// comes by requests of its own, whose handler passes it on by receive(). Everything else is as with a
/// WebSocket: one call after the other, rooms, the limits of slow readers, the end.
///
/// prepare() may refuse the request, and set the fields of the answer; the request's body is gone after it.
class StreamHandler : public WebSocketHandler {
 public:
  /// Framing::Kind::events or Framing::Kind::lines.
  [[nodiscard]] virtual Framing::Kind framing() const = 0;

  /// The last that the client is sent when the server ends the stream, whatever for: there is no close frame
  /// to tell why. Empty: nothing.
  [[nodiscard]] virtual std::string farewell(const Disconnect& /*why*/) const { return {}; }

  /// Has the handler of a stream called with this message, after those before it. Any thread. An error: the
  /// stream has ended. A stream for which more than the queue limit waits is ended.
  static Result<> receive(const ConnectionHandle& stream, Message message);
};

}  // namespace coroom
