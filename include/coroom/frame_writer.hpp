#pragma once

#include <coroom/compression.hpp>
#include <coroom/message.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace coroom {

/// Writes messages as a server sends them, each as one frame (RFC 6455 section 5.2) behind the one before.
class FrameWriter {
 public:
  /// Appends to `block`, which outlives it; compresses if it is told how, and where that makes a message
  /// shorter.
  explicit FrameWriter(std::string& block, const std::optional<Deflate>& deflate = std::nullopt)
      : block_(block), deflate_(deflate) {}

  /// One whole message; text is UTF-8.
  ///@{
  void write(Message::Kind kind, std::string_view data);
  void text(std::string_view data) { write(Message::Kind::text, data); }
  void binary(std::string_view data) { write(Message::Kind::binary, data); }
  ///@}

 private:
  std::string& block_;
  std::optional<Deflate> deflate_;
};

}  // namespace coroom
