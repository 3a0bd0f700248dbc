#pragma once

#include "core/utf8.hpp"
#include "websocket/frame.hpp"
#include "websocket/inflater.hpp"
#include "websocket/violation.hpp"

#include <coroom/disconnect.hpp>
#include <coroom/message.hpp>

#include <tl/expected.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>

namespace coroom::detail::websocket {

/// A ping or pong from the peer.
struct Control {
  Control(Opcode frame, std::string data) : opcode(frame), payload(std::move(data)) {}

  Opcode opcode;
  std::string payload;
};

/// A close frame from the peer; its code is no_status if the frame has none.
struct CloseFrame {
  explicit CloseFrame(Disconnect with) : disconnect(std::move(with)) {}

  Disconnect disconnect;
};

/// A parser for the bytes of a client, without a socket. Unmasks frames, assembles and inflates messages, and
/// checks all requirements of RFC 6455 section 5 and RFC 7692 section 6. Rejects text as soon as it cannot
/// become UTF-8 any more, also inside a frame. Between two messages it holds no buffer, except the window of
/// a client that keeps one.
class MessageReader {
 public:
  using Received = std::variant<Message, Control, CloseFrame, Violation>;

  /// The compression of incoming messages, as negotiated.
  enum class Inflation {
    none,          ///< no message is compressed
    each,          ///< each message is compressed by itself
    with_a_window  ///< messages refer to earlier ones; takes 40 KiB of memory from the first on
  };

  /// `longest`: the most bytes of a message, inflated; a longer message is a violation.
  MessageReader(std::size_t longest, Inflation inflation) : longest_(longest), inflation_(inflation) {}

  /// Takes bytes from the front of `data`, and changes them, until a message, control frame or violation is
  /// complete. Returns nullopt once all bytes are taken. The caller must not call it again after a close
  /// frame or a violation.
  std::optional<Received> next(std::span<char>& data);

  /// Reads on, but returns no more messages, and inflates none.
  void discard_messages() {
    discards_ = true;
    std::string().swap(message_);
  }

  /// Returns whether a part of a message or of a frame has been read.
  [[nodiscard]] bool is_partial() const { return in_message_ || header_size_ != 0; }

 private:
  std::optional<Violation> take_header(std::span<char>& data);
  [[nodiscard]] std::optional<Violation> check_first_bytes() const;
  std::optional<Violation> begin_frame();
  std::optional<Violation> take_payload(std::span<char>& data);
  [[nodiscard]] bool checks_utf8() const { return kind_ == Message::Kind::text && !compressed_; }
  std::optional<Received> end_frame();
  Received end_message();
  tl::expected<std::string, Violation> inflated(std::string_view data);
  [[nodiscard]] bool is_control() const { return (header_[0] & 0x08U) != 0; }
  [[nodiscard]] bool is_final() const { return (header_[0] & final_bit) != 0; }

  std::size_t longest_;
  Inflation inflation_;

  std::array<unsigned char, 14> header_{};  // of the current frame, as received
  std::uint8_t header_size_ = 0;            // bytes read so far
  std::uint8_t key_position_ = 0;           // index into the masking key
  bool in_payload_ = false;
  std::uint64_t left_ = 0;  // bytes of the payload not yet read

  bool discards_ = false;
  bool in_message_ = false;
  bool compressed_ = false;
  Message::Kind kind_ = Message::Kind::text;
  detail::Utf8Checker utf8_;  // of a text that is not compressed
  std::string message_;
  std::string control_;
  std::unique_ptr<Inflater> inflater_;  // only for Inflation::with_a_window
};

}  // namespace coroom::detail::websocket
