#pragma once

#include <coroom/disconnect.hpp>
#include <coroom/error.hpp>
#include <coroom/framing.hpp>
#include <coroom/message.hpp>
#include <coroom/shared_bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace coroom::detail::websocket {

constexpr std::size_t longest_control = 125;  // bytes; RFC 6455 section 5.5

/// Returns whether messages are sent as uncompressed WebSocket frames.
inline bool is_plain(const Framing& framing) {
  return framing.kind == Framing::Kind::websocket && !framing.deflate;
}

/// Fails if text is not UTF-8.
Result<> check_text(Message::Kind kind, std::string_view data);

/// Encodes a message for sending. Fails if text is not UTF-8.
Result<SharedBytes> encoded(Message::Kind kind, std::string_view data, const Framing& framing);

/// Returns whether a close frame may carry this code (RFC 6455 section 7.4).
bool may_be_sent(std::uint16_t code);

/// Fails if a close frame may not carry this code or reason (RFC 6455 sections 5.5.1 and 7.4).
Result<> check(const Disconnect& disconnect);

/// Returns the error of a write to a connection that has ended.
Result<> closed_error();

}  // namespace coroom::detail::websocket
