#pragma once

#include <coroom/message.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace coroom::websocket {

/// Frame types (RFC 6455 section 5.2).
enum class Opcode : std::uint8_t { text = 1, binary = 2, ping = 9 };

constexpr Opcode opcode_of(Message::Kind kind) {
  return kind == Message::Kind::text ? Opcode::text : Opcode::binary;
}

/// Appends one whole, unmasked frame, as a server sends it, to `block`.
void append_frame(std::string& block, Opcode opcode, std::string_view payload);

/// True if the bytes begin with an unfragmented close frame.
bool is_close_frame(std::string_view bytes);

}  // namespace coroom::websocket
