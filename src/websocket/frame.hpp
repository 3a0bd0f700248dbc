#pragma once

#include <coroom/disconnect.hpp>
#include <coroom/message.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace coroom::detail::websocket {

/// Frame types (RFC 6455 section 5.2).
enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

constexpr Opcode opcode_of(Message::Kind kind) {
  return kind == Message::Kind::binary ? Opcode::binary : Opcode::text;
}

/// The first reserved bit, set if the payload is compressed (RFC 7692 section 6).
enum class Compressed : std::uint8_t { no = 0, yes = 0x40 };

// The other bits and values of a frame's first two bytes (RFC 6455 section 5.2).
constexpr unsigned final_bit = 0x80;
constexpr unsigned mask_bit = 0x80;
// The payload length follows in 16 or 64 bits; smaller values are the length itself.
constexpr unsigned length_is_16_bits = 126;
constexpr unsigned length_is_64_bits = 127;

constexpr std::size_t longest_head = 10;  // bytes of a frame before its payload, as sent by a server

/// Appends one whole, unmasked frame, as sent by a server, to `block`.
void append_frame(std::string& block, Opcode opcode, std::string_view payload,
                  Compressed compressed = Compressed::no);

/// Appends a close frame; it has no payload if the code is no_status. The reason must be UTF-8 of at most 123
/// bytes (RFC 6455 section 5.5.1).
void append_close_frame(std::string& block, const Disconnect& disconnect);

}  // namespace coroom::detail::websocket
