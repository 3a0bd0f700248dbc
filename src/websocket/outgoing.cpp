#include "websocket/outgoing.hpp"

#include "core/utf8.hpp"

#include <coroom/frame_writer.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace coroom::detail::websocket {
namespace {

constexpr std::size_t longest_reason = longest_control - sizeof(std::uint16_t);

}  // namespace

bool may_be_sent(std::uint16_t code) {
  if (code >= 3000 && code <= 4999) return true;
  return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

Result<> check_text(Message::Kind kind, std::string_view data) {
  if (kind != Message::Kind::binary && !detail::is_utf8(data))
    return failure(Errc::invalid_text, "the text is not UTF-8");
  return {};
}

Result<SharedBytes> encoded(Message::Kind kind, std::string_view data, const Framing& framing) {
  if (auto valid = check_text(kind, data); !valid) return tl::unexpected(std::move(valid).error());
  std::string frame;
  FrameWriter(frame, framing).write(kind, data);
  return share(std::move(frame));
}

Result<> check(const Disconnect& disconnect) {
  if (!may_be_sent(disconnect.code))
    return failure(Errc::invalid_argument,
                   "close code " + std::to_string(disconnect.code) + " may not be sent");
  if (disconnect.reason.size() > longest_reason || !detail::is_printable_utf8(disconnect.reason))
    return failure(Errc::invalid_argument,
                   "a close reason must be UTF-8 without control characters and at most 123 bytes");
  return {};
}

Result<> closed_error() {
  return failure(Errc::closed, "the WebSocket is closed");
}

}  // namespace coroom::detail::websocket
