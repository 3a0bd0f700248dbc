#pragma once

#include "protocol/chat_lines.hpp"

#include <coroom/publication.hpp>

#include <string>

namespace coroom::detail::protocol {

/// Encodes publications for plain clients, each in a WebSocket frame of its own. Text becomes one line of the
/// chat. JSON is shown by its text: that of a string, or of a message or an edit of the page. A deletion is a
/// line too, a reaction is not sent, and any other value is shown unchanged. A binary message is delivered
/// unchanged.
class PlainEncoder final : public Encoder {
 public:
  explicit PlainEncoder(AddressLines addresses = AddressLines::show) : addresses_(addresses) {}

  void encode(std::string_view room, const Publication& publication, FrameWriter& out) const override;

 private:
  AddressLines addresses_;
};

}  // namespace coroom::detail::protocol
