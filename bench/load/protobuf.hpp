#pragma once

#include <coroom/error.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The Centrifuge protocol of the load generator, as Protobuf: length-delimited messages in binary frames.
namespace coroom::bench::protobuf {

/// Returns the frame that connects and subscribes; `filter` is the key of a tag filter, or empty.
std::string join(std::string_view room, std::string_view filter);

/// Returns the frame that publishes a text as a JSON string. Its letters must need no escapes.
std::string publish(std::uint64_t id, std::string_view room, std::string_view text);

/// Returns the frame that answers a ping.
std::string pong();

/// Returns the id of the last reply of a frame without pushes, or 0 for a ping; an error if a command failed.
Result<std::uint64_t> done(std::string_view received);

/// Moves behind a varint, which must not be cut off.
inline void skip_varint(std::string_view& bytes) {
  while (!bytes.empty() && (static_cast<unsigned char>(bytes.front()) & 0x80U) != 0) bytes.remove_prefix(1);
  if (!bytes.empty()) bytes.remove_prefix(1);
}

/// Returns whether the frame begins with a push.
inline bool is_push(std::string_view received) {
  skip_varint(received);
  return received.starts_with('\x22');
}

/// Returns the message, `bytes` long, from the push of a publication; nullopt if the frame is another one. In
/// such a push, the publication stands behind `room_field`, and its data are its first field.
inline std::optional<std::string_view> message_in(std::string_view received, std::string_view room_field,
                                                  std::size_t bytes) {
  if (!is_push(received)) return std::nullopt;
  skip_varint(received);
  received.remove_prefix(1);
  skip_varint(received);
  if (!received.starts_with(room_field)) return std::nullopt;
  received.remove_prefix(room_field.size());
  if (!received.starts_with('\x22')) return std::nullopt;
  received.remove_prefix(1);
  skip_varint(received);
  if (!received.starts_with('\x22')) return std::nullopt;
  received.remove_prefix(1);
  skip_varint(received);
  if (!received.starts_with('"') || received.size() < bytes + 2) return std::nullopt;
  return received.substr(1, bytes);
}

/// Returns a length-delimited field.
std::string field(unsigned number, std::string_view value);

}  // namespace coroom::bench::protobuf
