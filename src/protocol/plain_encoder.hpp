#pragma once

#include <coroom/publication.hpp>

#include <string>

namespace coroom::protocol {

/// Writes publications for plain clients: each a WebSocket frame of its own. Text is one line of the chat,
/// and so is JSON: a string's text, or any other value as it is. A binary message is passed on as it came.
class PlainEncoder final : public Encoder {
 public:
  void encode(std::string_view room, const Publication& publication, FrameWriter& out) const override;
};

}  // namespace coroom::protocol
