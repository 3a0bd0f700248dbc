#pragma once

#include <coroom/framing.hpp>
#include <coroom/message.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace coroom {

/// Writes messages as a server sends them, each behind the one before: as one WebSocket frame (RFC 6455
/// section 5.2), as one server-sent event (HTML, section 9.2), or as a line.
class FrameWriter {
 public:
  /// Appends to `block`, which outlives it; compresses if it is told how, and where that makes a message
  /// shorter.
  explicit FrameWriter(std::string& block, const Framing& framing = {}) : block_(block), framing_(framing) {}

  /// One whole message; text is UTF-8. Events and lines can't carry binary ones, which are left out.
  ///@{
  void write(Message::Kind kind, std::string_view data);
  void text(std::string_view data) { write(Message::Kind::text, data); }
  void binary(std::string_view data) { write(Message::Kind::binary, data); }
  ///@}

  /// How many it has written.
  [[nodiscard]] std::size_t messages() const { return messages_; }

 private:
  std::string& block_;
  Framing framing_;
  std::size_t messages_ = 0;
};

}  // namespace coroom
