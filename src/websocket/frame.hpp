#pragma once

#include <coroom/disconnect.hpp>
#include <coroom/message.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace coroom::detail::websocket {

/// Frame types (RFC 6455 section 5.2).
enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

constexpr Opcode opcode_of(Message::Kind kind) {
  return kind == Message::Kind::text ? Opcode::text : Opcode::binary;
}

/// The first reserved bit: whether the payload is compressed (RFC 7692 section 6).
enum class Compressed : std::uint8_t { no = 0, yes = 0x40 };

// What stands in a frame's first two bytes beside opcode and Compressed (RFC 6455 section 5.2).
constexpr unsigned final_bit = 0x80;
constexpr unsigned mask_bit = 0x80;
constexpr unsigned length_is_16_bits = 126;  // and follows, as does one of 64 bits; smaller ones are lengths
constexpr unsigned length_is_64_bits = 127;

/// Appends one whole, unmasked frame, as a server sends it, to `block`.
void append_frame(std::string& block, Opcode opcode, std::string_view payload,
                  Compressed compressed = Compressed::no);

/// Appends a close frame, without a payload where the code is no_status; the reason is UTF-8 and has 123
/// bytes at most (RFC 6455 section 5.5.1).
void append_close_frame(std::string& block, const Disconnect& disconnect);

}  // namespace coroom::detail::websocket
