#pragma once

#include <coroom/message.hpp>

#include <cstdint>
#include <string_view>

namespace coroom::detail::centrifuge {

/// The encoding of all messages of one connection.
enum class Encoding : std::uint8_t {
  json,        ///< one JSON object a line
  protobuf,    ///< Protobuf messages, each behind its length
  json_pushes  ///< for one-way connections: JSON lines of pushes without their envelope
};

/// Returns the text between two messages in one frame.
constexpr std::string_view separator(Encoding encoding) {
  return encoding == Encoding::protobuf ? "" : "\n";
}

/// Returns the ping of the protocol: an empty message.
constexpr std::string_view ping_message(Encoding encoding) {
  return encoding == Encoding::protobuf ? std::string_view("\0", 1) : "{}";
}

/// Returns the kind of the messages that carry the encoding.
constexpr Message::Kind message_kind(Encoding encoding) {
  return encoding == Encoding::protobuf ? Message::Kind::binary : Message::Kind::text;
}

}  // namespace coroom::detail::centrifuge
