#pragma once

#include "protocol/chat_lines.hpp"

#include <coroom/publication.hpp>

#include <string>

namespace coroom::detail::protocol {

/// Writes publications for plain clients: each a WebSocket frame of its own. Text is one line of the chat. Of
/// JSON it shows what people say: a string's text, and the text of a message or an edit of the page. A
/// deletion is a line too, a reaction is none, and any other value is shown as it is. A binary message is
/// passed on as it came.
class PlainEncoder final : public Encoder {
 public:
  explicit PlainEncoder(AddressLines addresses = AddressLines::show) : addresses_(addresses) {}

  void encode(std::string_view room, const Publication& publication, FrameWriter& out) const override;

 private:
  AddressLines addresses_;
};

}  // namespace coroom::detail::protocol
