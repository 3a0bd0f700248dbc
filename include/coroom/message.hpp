#pragma once

#include <string>
#include <utility>

namespace coroom {

/// One whole WebSocket message, put together from its fragments (RFC 6455 section 5.6).
struct Message {
  /// What the opcode of its first frame says.
  enum class Kind { text, binary };

  Message() = default;

  /// Of this kind, with these bytes.
  Message(Kind message_kind, std::string bytes) : kind(message_kind), data(std::move(bytes)) {}

  Kind kind = Kind::text;  ///< text or binary
  std::string data;        ///< valid UTF-8 if the kind is text
};

}  // namespace coroom
