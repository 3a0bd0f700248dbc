#include "websocket/deflater.hpp"
#include "websocket/frame.hpp"

#include <coroom/frame_writer.hpp>

namespace coroom {

void FrameWriter::write(Message::Kind kind, std::string_view data) {
  const websocket::Opcode opcode = websocket::opcode_of(kind);
  const std::string_view deflated = deflate_ ? websocket::deflated(data, *deflate_) : std::string_view();
  if (deflated.empty()) {
    websocket::append_frame(block_, opcode, data);
  } else {
    websocket::append_frame(block_, opcode, deflated, websocket::Compressed::yes);
  }
}

}  // namespace coroom
