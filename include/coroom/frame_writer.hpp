#pragma once

#include <coroom/framing.hpp>
#include <coroom/message.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace coroom {

/// Writes messages as a server sends them, one behind the other: each as one WebSocket frame, as one
/// server-sent event, as a line, or as its bytes (Framing).
class FrameWriter {
 public:
  /// Appends to `block`, which outlives it. Compresses a message if `framing` has parameters for it and the
  /// message becomes shorter.
  explicit FrameWriter(std::string& block, const Framing& framing = {}) : block_(block), framing_(framing) {}

  /// Writes one whole message. Text is UTF-8. Events and lines can't carry binary messages: they are left
  /// out.
  ///@{
  void write(Message::Kind kind, std::string_view data);
  void text(std::string_view data) { write(Message::Kind::text, data); }
  void binary(std::string_view data) { write(Message::Kind::binary, data); }
  ///@}

  /// Returns the number of messages written so far.
  [[nodiscard]] std::size_t messages() const { return messages_; }

 private:
  std::string& block_;
  Framing framing_;
  std::size_t messages_ = 0;
};

}  // namespace coroom
