#include "websocket/deflater.hpp"
#include "websocket/frame.hpp"

#include <coroom/frame_writer.hpp>

#include <algorithm>
#include <optional>

namespace coroom {

namespace {

/// Appends a server-sent event. Each line of `data` becomes a data field of its own, since a line break would
/// end the field or the event. The client joins the lines again. A carriage return is a line break too, alone
/// or before a line feed (HTML, section 9.2.5).
void append_event(std::string& block, std::string_view data) {
  while (true) {
    const std::size_t end = std::min(data.find_first_of("\r\n"), data.size());
    block.append("data: ").append(data.substr(0, end)).append("\n");
    if (end == data.size()) break;
    data.remove_prefix(end + (data.substr(end).starts_with("\r\n") ? 2 : 1));
  }
  block += '\n';
}

void append_websocket(std::string& block, Message::Kind kind, std::string_view data,
                      const std::optional<DeflateParams>& deflate) {
  const detail::websocket::Opcode opcode = detail::websocket::opcode_of(kind);
  const std::string_view deflated =
      deflate ? detail::websocket::deflated(data, *deflate) : std::string_view();
  if (deflated.empty()) {
    detail::websocket::append_frame(block, opcode, data);
  } else {
    detail::websocket::append_frame(block, opcode, deflated, detail::websocket::Compressed::yes);
  }
}

}  // namespace

void FrameWriter::write(Message::Kind kind, std::string_view data) {
  const bool is_for_text = framing_.kind == Framing::Kind::events || framing_.kind == Framing::Kind::lines;
  if (kind == Message::Kind::binary && is_for_text) return;
  ++messages_;
  switch (framing_.kind) {
    case Framing::Kind::websocket:
      return append_websocket(block_, kind, data, framing_.deflate);
    case Framing::Kind::events:
      return append_event(block_, data);
    case Framing::Kind::lines:
      block_.append(data).append("\n");
      return;
    case Framing::Kind::bytes:
      block_.append(data);
  }
}

}  // namespace coroom
