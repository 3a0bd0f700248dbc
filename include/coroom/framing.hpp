#pragma once

#include <coroom/compression.hpp>

#include <optional>

namespace coroom {

/// How messages to a client are put on the wire. Clients with the same framing share their bytes.
struct Framing {
  /// WebSocket frames; server-sent events, or lines, of text alone. In an event each kind of line break comes
  /// to be a line feed. A message with line feeds is several lines.
  enum class Kind { websocket, events, lines };

  Framing() = default;

  // NOLINTBEGIN(google-explicit-constructor): each of them says it all.

  /// WebSocket frames, compressed if it is said how.
  ///@{
  Framing(const std::optional<DeflateParams>& compressed) : deflate(compressed) {}
  Framing(const DeflateParams& compressed) : deflate(compressed) {}
  ///@}

  /// Not compressed.
  Framing(Kind how) : kind(how) {}

  // NOLINTEND(google-explicit-constructor)

  /// Whether the same bytes do for both.
  bool operator==(const Framing&) const = default;

  Kind kind = Kind::websocket;           ///< what stands around a message
  std::optional<DeflateParams> deflate;  ///< of WebSocket frames; none: they are not compressed
};

}  // namespace coroom
