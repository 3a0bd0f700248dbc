#pragma once

#include <coroom/compression.hpp>

#include <optional>

namespace coroom {

/// The form in which messages to a client are sent. Clients with equal framings share their bytes.
struct Framing {
  /// WebSocket frames (RFC 6455 section 5.2); server-sent events (HTML, section 9.2), or lines, of text
  /// alone; or the bytes of the messages, which delimit themselves. In an event, each kind of line break
  /// becomes a line feed. A message with line feeds is several lines.
  enum class Kind { websocket, events, lines, bytes };

  Kind kind = Kind::websocket;
  std::optional<DeflateParams> deflate = {};  ///< of WebSocket frames; nullopt: uncompressed

  bool operator==(const Framing&) const = default;
};

}  // namespace coroom
